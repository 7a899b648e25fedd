"""Drawings of molecules: bonds and letters against RDKit's own count, small and clean, bad input in words."""

import math
import re
from collections import Counter

import pytest

pytest.importorskip("rdkit")

from gan_edu.core.data.molecules import molecule
from gan_edu.core.notebook.molecule_drawing import drawing
from gan_edu.widgets.molecule_board.drawn import taken_apart

SOME = [
    "CC(=O)Oc1ccccc1C(=O)O",
    "C[N+](=O)[O-]",
    "BrC(Cl)(F)PI",
    "CSc1ncnc2[nH]cnc12",
    "C#N",
    "c1ccc2c(c1)ccc1ccccc12",
    "CCCCCCCCCCCCO",
    "OS(=O)(=O)c1ccc(N)cc1Cl",
]
ORDERS = {"SINGLE": 1, "DOUBLE": 2, "TRIPLE": 3}


def kekulized(smiles):
    from rdkit import Chem

    found = molecule(smiles)
    Chem.Kekulize(found, clearAromaticFlags=True)
    return found


@pytest.mark.parametrize("smiles", SOME)
def test_each_bond_has_its_lines_and_each_other_atom_its_letters(smiles):
    found, drawn = kekulized(smiles), taken_apart("svg", drawing(smiles))
    assert len(drawn.lines) == sum(ORDERS[bond.GetBondType().name] for bond in found.GetBonds())
    shown = [atom for atom in found.GetAtoms() if atom.GetSymbol() != "C"]
    wanted = Counter("".join(atom.GetSymbol() for atom in shown))
    wanted += Counter({"H": sum(atom.GetTotalNumHs() > 0 for atom in shown)})
    assert Counter(letter for *_, letter, _ in drawn.letters if letter.isalpha()) == wanted
    charges = Counter("+" if atom.GetFormalCharge() > 0 else "−" for atom in shown if atom.GetFormalCharge())
    assert Counter(letter for *_, letter, _ in drawn.letters if letter in "+−") == charges


@pytest.mark.parametrize("smiles", SOME)
def test_all_lies_in_its_box_and_an_atom_s_letter_near_the_ends_of_its_bonds(smiles):
    (x, y, width, height), _, letters = drawn = taken_apart("svg", drawing(smiles))
    ends = [end for line in drawn.lines for end in (line[:2], line[2:])]
    for right, down in [*ends, *(each[:2] for each in letters)]:
        assert x <= right <= x + width and y <= down <= y + height
    for left, base, size, letter, _ in letters:
        if letter not in "H234+−":
            middle = left + size / 3, base - size / 3
            assert min(math.dist(middle, end) for end in ends) < 1.3 * size


def test_a_chain_is_a_chain_of_equal_steps():
    lines = taken_apart("svg", drawing("CCCCCC")).lines
    assert [math.dist(line[:2], line[2:]) for line in lines] == pytest.approx([lines and 29] * 5, abs=1)
    assert all(a[2:] == b[:2] for a, b in zip(lines, lines[1:], strict=False))


def test_colours_say_which_element():
    colours = {letter: colour for *_, letter, colour in taken_apart("svg", drawing("NCC(F)SP(O)C[BH2]")).letters}
    assert {each: colours[each] for each in "NFSPOB"} == {"N": "N", "F": "X", "S": "S", "P": "P", "O": "O", "B": ""}


@pytest.mark.parametrize("smiles", SOME)
def test_it_is_small_and_clean(smiles):
    svg = drawing(smiles)
    assert len(svg.encode()) <= 1500 and not re.search(r"[.\d]*\.\d{2}", svg)
    assert set(re.findall(r"<(\w+)", svg)) <= {"svg", "path", "text"}
    assert set(re.findall(r" ([\w:-]+)=", svg)) <= {
        *("xmlns", "viewBox", "fill", "d", "x", "y", "stroke", "stroke-width", "stroke-linecap", "font-size"),
    }
    assert re.findall("rdkit|<!|<[?]|style|class|id=|#|href|width='", svg) == []


def test_what_is_not_drawn_changes_nothing():
    assert drawing("F/C=C/[C@H](C)O") == drawing("FC=CC(C)O") and drawing("CCO") == drawing("CCO")


@pytest.mark.parametrize(
    ("smiles", "words"),
    [
        ("C(", "is no SMILES of a molecule"),
        ("", "is no SMILES"),
        ("[Na+].[Cl-]", "2 pieces, as a salt has"),
        ("[13CH4]", "without an isotope's number"),
        ("C" * 201, "at most 200"),
        ("C" * 5000, "5,000 characters"),
        (None, "must be a text"),
        ("<svg/>", "is no SMILES"),
    ],
)
def test_what_is_no_molecule_gets_a_word(smiles, words):
    with pytest.raises(ValueError, match=words):
        drawing(smiles)


def test_the_largest_that_is_looked_at_is_drawn_and_can_be_shown():
    assert len(taken_apart("svg", drawing("CN" * 100)).letters) >= 100
