"""Molecules as texts: SMILES and SELFIES, what RDKit reads of them, and 3,800 small ones to learn from.

    learned, held_out = split(nci())                  SMILES, in RDKit's canonical form; no molecule is in both
    SELFIES.written("CCO"), SELFIES.read("[C][C][O]") "[C][C][O]", "CCO"
    x = SELFIES.alphabet.encode(map(SELFIES.written, learned))     (N, 41, 29), one-hot
    canonical("OCC"), canonical("C(C")                "CCO", None: no molecule
    molecule("C(C")                                   a ValueError that says why

SMILES writes a molecule as a walk along its bonds: rings are two equal numbers, branches stand in brackets, and most
texts in its letters are no molecule. In SELFIES each text with an atom is one: a symbol stands for what still has room,
and what has none is left out. Weininger (1988), "SMILES, a chemical language and information system"; Krenn et al.
(2020), "Self-referencing embedded strings (SELFIES)", arXiv 1905.13741. rdkit and selfies are needed to read, not to
draw texts. The set is the file NCI/first_5K.smi that rdkit brings: it is read there, and never copied. Used in notebook
16_molecules.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_edu.core.safety.checked import function, integer, kind, text
from gan_edu.core.training.alphabet import Alphabet, Symbols

if TYPE_CHECKING:
    from types import ModuleType

ELEMENTS = frozenset({"C", "N", "O", "F", "P", "S", "Cl", "Br", "I"})
LEAST_ATOMS, MOST_ATOMS, LONGEST = 5, 22, 2000  # heavy atoms of what is learned from; characters that are looked at
LARGEST = 200  # heavy atoms of a molecule that is looked at
CURE = "molecules need the packages rdkit and selfies: pip install rdkit selfies"
IN_SELFIES = (
    "[C] [=C] [#C] [N] [=N] [#N] [NH1] [N+1] [=N+1] [O] [=O] [O-1] [F] [P] [S] [=S] [Cl] [Br] [I] [Branch1] [=Branch1] "
    "[#Branch1] [Branch2] [=Branch2] [#Branch2] [Ring1] [=Ring1] [Ring2]"
)
IN_SMILES = "C c N n O o S s F P I Cl Br [nH] [N+] [O-] = # - ( ) 1 2 3"


def chemistry() -> ModuleType:
    """rdkit.Chem. Raises ImportError, with the cure, where it is missing."""
    try:
        from rdkit import Chem
    except ImportError as error:
        raise ImportError(CURE) from error
    return Chem


def _selfies() -> ModuleType:
    try:
        import selfies
    except ImportError as error:
        raise ImportError(CURE) from error
    return selfies


# ------------------------------------------------------------------ reading


def molecule(smiles: str) -> Any:
    """RDKit's molecule of a SMILES that somebody typed.

    Raises ValueError, saying what is wrong, for what RDKit cannot read, no atom, several pieces (salts), isotopes, more
    than 2,000 characters or 200 heavy atoms; ImportError where rdkit is missing.
    """
    Chem, smiles = chemistry(), text("smiles", smiles).strip()
    if len(smiles) > LONGEST:
        raise ValueError(f"a SMILES of {len(smiles):,} characters: at most {LONGEST:,} are read here")
    if (found := _parsed(smiles)) is None or not found.GetNumAtoms():
        raise ValueError(f"{smiles!r} is no SMILES of a molecule: {_why(smiles)}")
    if (pieces := len(Chem.GetMolFrags(found))) > 1:
        raise ValueError(f"{smiles!r} has {pieces} pieces, as a salt has: take one of what its dots part")
    if isotopes := sorted({f"{atom.GetIsotope()}{atom.GetSymbol()}" for atom in found.GetAtoms() if atom.GetIsotope()}):
        raise ValueError(f"{smiles!r} has {', '.join(isotopes)}: write elements without an isotope's number")
    if (atoms := found.GetNumHeavyAtoms()) > LARGEST:
        raise ValueError(f"a molecule of {atoms:,} heavy atoms: at most {LARGEST} are looked at here")
    return found


def canonical(smiles: str) -> str | None:
    """The one SMILES that all SMILES of a molecule have in common, without stereochemistry; None where it is none.

    Several pieces are no molecule here, nor is a text of more than 2,000 characters. Raises ImportError.
    """
    Chem = chemistry()
    if len(text("smiles", smiles)) > LONGEST or (found := _parsed(smiles)) is None or not found.GetNumAtoms():
        return None
    return None if len(Chem.GetMolFrags(found)) > 1 else Chem.MolToSmiles(found, isomericSmiles=False)


def _parsed(smiles: str) -> Any:
    """RDKit's molecule or None, without its warnings on the screen."""
    from rdkit import rdBase

    with rdBase.BlockLogs():
        return chemistry().MolFromSmiles(smiles)


def _why(smiles: str) -> str:
    """What a reader can look for: RDKit's own word on valences, else brackets and ring numbers."""
    from rdkit import rdBase

    Chem = chemistry()
    with rdBase.BlockLogs():
        found = Chem.MolFromSmiles(smiles, sanitize=False)
        if found is None:
            return "look for a letter that is no element, an open bracket, or a ring number that comes once"
        problems = [problem.Message() for problem in Chem.DetectChemistryProblems(found)]
    return "; ".join(problems) or "it has no atom"


# ------------------------------------------------------------------ two ways to write


@dataclass(frozen=True)
class Writing:
    """One way to write molecules as texts. written: SMILES → a text; read: a text → SMILES, or no molecule's."""

    name: str
    alphabet: Alphabet
    written: Callable[[str], str]
    read: Callable[[str], str]

    def __post_init__(self) -> None:
        text("name", self.name)
        kind("alphabet", self.alphabet, Alphabet)
        function("written", self.written, "SMILES → a text")
        function("read", self.read, "a text → SMILES")

    def molecule_of(self, each: str) -> str | None:
        """The canonical SMILES of a text in this writing; None where it is no molecule."""
        return canonical(self.read(each))


def _to_selfies(smiles: str) -> str:
    selfies = _selfies()
    try:
        return selfies.encoder(text("smiles", smiles))
    except selfies.EncoderError as error:
        raise ValueError(f"{smiles!r} cannot be written in SELFIES: `molecule` may say why") from error


def _of_selfies(each: str) -> str:
    selfies = _selfies()
    try:
        return selfies.decoder(text("selfies", each))
    except selfies.DecoderError as error:
        raise ValueError(f"{each!r} is no text in SELFIES: symbols stand in brackets, as in [C][=O]") from error


def _same(each: str) -> str:
    return text("smiles", each)


SELFIES = Writing("SELFIES", Symbols(IN_SELFIES, 41), _to_selfies, _of_selfies)
SMILES = Writing("SMILES", Symbols(IN_SMILES, 41), _same, _same)


# ------------------------------------------------------------------ data


def nci(most_atoms: int = MOST_ATOMS) -> list[str]:
    """About 3,800 molecules in canonical SMILES, in their file's order, that both alphabets can write.

    Of NCI's first 5,000: of 5 to `most_atoms` ≤ 22 heavy atoms, of one piece, uncharged as a whole, no radicals, of C N
    O F P S Cl Br I, each once, stereochemistry left out. Raises ImportError where rdkit or selfies is missing, OSError
    where rdkit came without the file.
    """
    most_atoms = integer("most_atoms", most_atoms, LEAST_ATOMS, MOST_ATOMS)
    for needed in (chemistry, _selfies):
        needed()  # what is missing is said, also where the set is in mind
    return [smiles for smiles, atoms in _all().items() if atoms <= most_atoms]


@cache
def _all() -> dict[str, int]:
    """{canonical SMILES: heavy atoms}."""
    found: dict[str, int] = {}
    for each in map(_parsed, nci_lines()):
        if each is not None and usable(each):
            smiles = chemistry().MolToSmiles(each, isomericSmiles=False)
            if smiles not in found and all(writable(smiles, writing) for writing in (SELFIES, SMILES)):
                found[smiles] = each.GetNumHeavyAtoms()
    return found


def nci_lines() -> list[str]:
    """SMILES as rdkit's file has them, unreadable ones among them. Raises OSError where rdkit came without it."""
    chemistry()
    from rdkit import RDConfig

    path = Path(RDConfig.RDDataDir) / "NCI" / "first_5K.smi"
    if not path.is_file():
        raise FileNotFoundError(f"this rdkit has no {path.name} among its data: pip install --force-reinstall rdkit")
    return [line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def usable(found: Any) -> bool:
    """Whether a molecule of RDKit's is among those to learn from, as `nci` says, but for its symbols."""
    Chem = chemistry()
    if not LEAST_ATOMS <= found.GetNumHeavyAtoms() <= MOST_ATOMS:
        return False
    atoms = list(found.GetAtoms())
    plain = all(a.GetSymbol() in ELEMENTS and not a.GetNumRadicalElectrons() and not a.GetIsotope() for a in atoms)
    return plain and len(Chem.GetMolFrags(found)) == 1 and Chem.GetFormalCharge(found) == 0


def writable(smiles: str, writing: Writing) -> bool:
    """Whether a writing's alphabet has all symbols of a molecule, and room for them and an end."""
    try:
        symbols = writing.alphabet.cut(writing.written(smiles))
    except ValueError:
        return False
    return set(symbols) <= set(writing.alphabet.symbols) and len(symbols) < writing.alphabet.length
