"""Chapter 16's molecules as graphs, and back: each is found again, what is none is told. Needs rdkit and selfies."""

import pytest
import torch

Chem = pytest.importorskip("rdkit.Chem")
pytest.importorskip("selfies")

from gan_edu.core.data import molecule_graphs as data  # noqa: E402
from gan_edu.core.data.molecule_graphs import (  # noqa: E402
    BONDS,
    KINDS,
    graph_form,
    graph_of,
    graphs,
    molecule_of_graph,
    molecules_of,
    why_broken,
)
from gan_edu.core.data.molecules import ELEMENTS, canonical, nci  # noqa: E402


def built(kinds, bonds=(), places=6):
    """A graph by hand: kinds of the first places, (i, j, kind) of bonds."""
    form = graph_form(places)
    nodes, pairs = torch.zeros(1, places, form.kinds), torch.zeros(1, places, places, form.bonds)
    for i in range(places):
        nodes[0, i, KINDS.index(kinds[i]) if i < len(kinds) else 0] = 1
    pairs[..., 0] = 1
    for i, j, k in bonds:
        for a, b in ((i, j), (j, i)):
            pairs[0, a, b] = torch.eye(form.bonds)[k]
    return form.packed(nodes, pairs)[0]


def test_kinds_are_the_elements_and_the_charges_of_the_set():
    assert {each.rstrip("+-") for each in KINDS[1:]} == ELEMENTS and KINDS[0] == BONDS[0] == ""


def test_each_molecule_is_found_again():
    some = nci(most_atoms=12)[::8] + nci(most_atoms=12)[-1:]
    x = graphs(some)
    assert molecules_of(x) == some and tuple(x.shape[1:]) == graph_form(12).shape == (12, 60)
    large = nci()[-5:]
    assert molecules_of(graphs(large, 22)) == large
    assert all(not why_broken(each) for each in x)


def test_a_graph_has_the_atoms_and_bonds_that_rdkit_counts():
    for smiles in nci(most_atoms=12)[::100]:
        nodes, bonds = (each[0] for each in graph_form(12).parts(graph_of(smiles)[None]))
        found = Chem.MolFromSmiles(smiles)
        assert (1 - nodes[:, 0]).sum() == found.GetNumAtoms() and torch.equal(bonds, bonds.transpose(0, 1))
        assert bonds[..., 1:].sum() == 2 * found.GetNumBonds()
        assert torch.equal(nodes.sum(1), torch.ones(12)) and torch.equal(bonds.sum(2), torch.ones(12, 12))
        order = bonds @ torch.tensor([0.0, 1, 2, 3])
        Chem.Kekulize(found, clearAromaticFlags=True)
        assert order.sum(1)[: found.GetNumAtoms()].tolist() == [
            sum(bond.GetBondTypeAsDouble() for bond in atom.GetBonds()) for atom in found.GetAtoms()
        ]


def test_the_order_of_atoms_changes_nothing():
    form, order = graph_form(12), torch.randperm(12, generator=torch.Generator().manual_seed(0))
    nodes, bonds = form.parts(graphs(["O=C(O)c1ccccc1"]))
    turned = form.packed(nodes[:, order], bonds[:, order][:, :, order])
    assert not torch.equal(turned, form.packed(nodes, bonds)) and molecules_of(turned) == ["O=C(O)c1ccccc1"]


@pytest.mark.parametrize(
    "kinds, bonds, told",
    [
        (["C", "C", "O"], [(0, 1, 1), (1, 2, 1)], "CCO"),
        (["C", "O"], [(0, 1, 2)], "C=O"),
        (["", "N", "", "C"], [(1, 3, 3)], "C#N"),
        (["C", "", "C"], [(0, 2, 1), (0, 1, 3), (1, 2, 2), (4, 5, 1)], "CC"),  # bonds to no atom do not count
        (["C", "N+", "O", "O-"], [(0, 1, 1), (1, 2, 2), (1, 3, 1)], "C[N+](=O)[O-]"),
        (["C"] * 6, [(0, 1, 2), (1, 2, 1), (2, 3, 2), (3, 4, 1), (4, 5, 2), (5, 0, 1)], "c1ccccc1"),
        (["C", "F"], [(0, 1, 2)], "valence"),
        (["C"] * 6, [(0, j, 1) for j in range(1, 6)], "valence"),
        (["C", "O", "C"], [(0, 1, 1)], "pieces"),
        (["F", "F", "F"], [(0, 1, 2)], "valence"),
        ([], [(0, 1, 1)], "no atom"),
    ],
    ids=[
        *("ethanol", "methanal", "hydrogen_cyanide", "ethane", "nitromethane", "benzene"),
        *("fluorine", "five_bonds", "pieces", "both", "nothing"),
    ],
)
def test_a_graph_by_hand_is_what_it_is(kinds, bonds, told):
    graph, broken = built(kinds, bonds), told in ("valence", "pieces", "no atom")
    assert why_broken(graph) == (told if broken else "")
    assert molecule_of_graph(graph) == (None if broken else canonical(told))


def test_of_shares_the_largest_is_taken():
    graph = built(["C", "O"], [(0, 1, 2)])
    assert molecule_of_graph(0.8 * graph + 0.2 / 12) == "C=O"


def test_noise_is_no_molecule(capfd):
    form, stream = graph_form(12), torch.Generator().manual_seed(0)
    nodes, bonds = torch.rand(50, 12, 12, generator=stream), torch.rand(50, 12, 12, 4, generator=stream)
    made = molecules_of(form.packed(nodes, bonds + bonds.transpose(1, 2)))
    assert made == [None] * 50 and capfd.readouterr() == ("", "")


def test_what_is_no_graph_of_a_molecule_is_said():
    form = graph_form(12)
    for given, told in (
        (lambda: graph_of("C" * 13), "13 heavy atoms"),
        (lambda: graph_of("[Na+]"), r"'Na\+' is none of"),
        (lambda: graph_of("[CH2]"), "radicals"),
        (lambda: graph_of("C(C"), "open bracket"),
        (lambda: graphs([]), "got none"),
        (lambda: molecules_of(torch.zeros(2, 12, 59)), r"got \(12, 59\)"),
        (lambda: molecule_of_graph(torch.zeros(2, 12, 60)), "packed"),
        (lambda: molecule_of_graph(form.packed(torch.rand(1, 12, 12), torch.rand(1, 12, 12, 4))[0]), "symmetric"),
    ):
        with pytest.raises(ValueError, match=told):
            given()
    for atoms in (4, 23, 12.5):
        with pytest.raises(ValueError, match="most_atoms"):
            data.graph_form(atoms)
