"""What molecules are worth: valid, unique, novel, drug-like; logP, how hard to make, scaffolds, the nearest known one.

    valid(made), unique(made), novel(made, learned)     shares; made: canonical SMILES, None where a text is no molecule
    properties("CCO")                                   qed 0.41, logp 0.0, sa 2.0, …
    nearest("CCO", Known(learned))                      the learned molecule that is most similar, and how much

None of these shares means much alone: one molecule drawn again and again is valid, and a random text in SELFIES is
valid and novel. QED says how like those of drugs eight numbers of a molecule are, and nothing of what it does.
Bickerton et al. (2012), "Quantifying the chemical beauty of drugs", Nature Chemistry 4; Ertl and Schuffenhauer (2009),
"Estimation of synthetic accessibility score of drug-like molecules", J. Cheminformatics 1:8; Wildman and Crippen (1999)
(logP); Bemis and Murcko (1996) (scaffolds); Rogers and Hahn (2010) (fingerprints). All are computed by rdkit, without
which they raise ImportError. Used in notebook 16_molecules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, NamedTuple

from gan_edu.core.data.molecules import chemistry, molecule
from gan_edu.core.safety.checked import kind, text

BITS, RADIUS = 2048, 2  # of a fingerprint: the surroundings of each atom, two bonds far
Made = Iterable[str | None]


def valid(made: Made) -> float:
    """The share of texts that are molecules: what is not None."""
    found = _listed(made)
    return sum(each is not None for each in found) / len(found)


def unique(made: Made) -> float:
    """Different molecules, as a share of the molecules; 0 where there is none. It falls with the count."""
    found = _molecules(made)
    return len(set(found)) / max(1, len(found))


def novel(made: Made, learned: Iterable[str]) -> float:
    """Those not learned from, as a share of the different molecules; 0 where there is none. All in canonical SMILES."""
    found = set(_molecules(made))
    return len(found - set(learned)) / max(1, len(found))


def _listed(made: Made) -> list[str | None]:
    if isinstance(made, str):
        raise ValueError(f"made must be a list of SMILES, got one text, {made!r}: put it into a list")
    if not (found := list(made)):
        raise ValueError("made must hold one molecule or None at least, got nothing")
    return found


def _molecules(made: Made) -> list[str]:
    return [text("each of made", each) for each in _listed(made) if each is not None]


# ------------------------------------------------------------------ of one molecule


class Properties(NamedTuple):
    """qed: 0 to 1. logp: how much rather in oil than in water, log10. sa: 1 easy to 10 hard to make. weight: daltons.
    atoms: heavy ones. rings: the smallest ones."""

    qed: float
    logp: float
    sa: float
    weight: float
    atoms: int
    rings: int


@lru_cache(maxsize=100_000)
def properties(smiles: str) -> Properties:
    """Of one molecule. Raises ValueError, as `molecule` does, for what is none."""
    from rdkit.Chem import QED, Descriptors, rdMolDescriptors

    found = molecule(smiles)
    return Properties(
        QED.qed(found),
        rdMolDescriptors.CalcCrippenDescriptors(found)[0],
        sa_script().calculateScore(found),
        Descriptors.MolWt(found),  # type: ignore[attr-defined]  # one of those that it makes as it is loaded
        found.GetNumHeavyAtoms(),
        rdMolDescriptors.CalcNumRings(found),
    )


@lru_cache(maxsize=100_000)
def qed(smiles: str | None) -> float:
    """Drug-likeness, 0 to 1: the weighted geometric mean of eight numbers' desirability; 0 of None, no molecule.

    About 2 ms. Bickerton et al. (2012). Raises ValueError for another text that is no molecule.
    """
    from rdkit.Chem import QED

    return 0.0 if smiles is None else QED.qed(molecule(smiles))


@cache
def sa_script() -> Any:
    """rdkit's own script of SA, which lies among what its users contributed.

    Raises FileNotFoundError where rdkit came without it.
    """
    chemistry()
    from rdkit import RDConfig

    path = Path(RDConfig.RDContribDir) / "SA_Score" / "sascorer.py"
    if not path.is_file() or (spec := spec_from_file_location("rdkit_sascorer", path)) is None or spec.loader is None:
        raise FileNotFoundError("this rdkit has no SA_Score among its Contrib: pip install --force-reinstall rdkit")
    spec.loader.exec_module(script := module_from_spec(spec))
    return script


def scaffold(smiles: str) -> str:
    """The rings of a molecule with what joins them, as SMILES; "" where it has no ring. Raises as `molecule`."""
    from rdkit.Chem.Scaffolds import MurckoScaffold

    return chemistry().MolToSmiles(MurckoScaffold.GetScaffoldForMol(molecule(smiles)))


def alerts(smiles: str) -> list[str]:
    """Names of the groups in a molecule that chemists look at with distrust, as "Aldehyde": unstable, reactive, toxic.

    Those of Brenk et al. (2008), "Lessons learnt from assembling screening libraries", ChemMedChem 3, as rdkit has
    them. Raises as `molecule`.
    """
    return sorted(str(entry.GetDescription()) for entry in _catalogue().GetMatches(molecule(smiles)))


@cache
def _catalogue() -> Any:
    chemistry()
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

    params = FilterCatalogParams()
    params.AddCatalog(FilterCatalogParams.FilterCatalogs.BRENK)
    return FilterCatalog(params)


# ------------------------------------------------------------------ beside others


class Known:
    """Molecules to look in for the nearest one. smiles: one at least."""

    def __init__(self, smiles: Sequence[str]):
        if not (found := _molecules(smiles)):
            raise ValueError("smiles must be one molecule or more, got none")
        self.smiles, self.prints = found, [fingerprint(each) for each in found]


class Nearest(NamedTuple):
    """The known molecule, and the Tanimoto similarity to it: 0 nothing in common, 1 all."""

    smiles: str
    similarity: float


def nearest(smiles: str, known: Known) -> Nearest:
    """The most similar of known molecules: |a ∩ b| / |a ∪ b| of their fingerprints (Rogers and Hahn 2010)."""
    from rdkit import DataStructs

    known = kind("known", known, Known)
    found = DataStructs.BulkTanimotoSimilarity(fingerprint(smiles), known.prints)
    best = max(range(len(found)), key=found.__getitem__)
    return Nearest(known.smiles[best], found[best])


def diversity(smiles: Sequence[str]) -> float:
    """1 − the mean Tanimoto similarity of all pairs: 0 where all are the same. Raises ValueError for fewer than two."""
    from rdkit import DataStructs

    prints = [fingerprint(each) for each in _molecules(smiles)]
    if len(prints) < 2:
        raise ValueError(f"smiles must be two molecules or more, got {len(prints)}")
    total = sum(sum(DataStructs.BulkTanimotoSimilarity(one, prints[:k])) for k, one in enumerate(prints))
    return 1 - total / (len(prints) * (len(prints) - 1) / 2)


def fingerprint(smiles: str) -> Any:
    """RDKit's Morgan fingerprint, 2,048 bits: which surroundings of two bonds its atoms have. Raises as `molecule`."""
    return _generator().GetFingerprint(molecule(smiles))


@cache
def _generator() -> Any:
    chemistry()
    from rdkit.Chem import rdFingerprintGenerator

    return rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=BITS)
