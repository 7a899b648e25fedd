"""Molecules as graphs: a kind for each atom, a bond for each pair of atoms, and no order among them.

    x = graphs(nci(most_atoms=12))               (1610, 12, 60), one-hot; chapter 16's MolGAN learns from 1,187
    nodes, bonds = graph_form(12).parts(x)       (N, 12, 12), (N, 12, 12, 4)
    graph_of("CCO")                              (12, 60)
    molecules_of(x), molecule_of_graph(x[0])     canonical SMILES; None where x is no molecule
    why_broken(x[0])                             "valence", "pieces", "no atom", or "" for a molecule

Hydrogens are left out, as in SMILES, and rings with alternating bonds are written with single and double ones. Charges
are part of a kind: N+ and O- are all that the set has. De Cao and Kipf (2018), arXiv 1805.11973, section 2. rdkit is
needed, without it ImportError is raised. Used in notebook 16_molecules.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from gan_edu.core.data.molecules import LEAST_ATOMS, MOST_ATOMS, canonical, chemistry, molecule
from gan_edu.core.safety.checked import integer, several
from gan_edu.core.training.graphs import GraphForm
from gan_edu.core.training.tensors import tensor

KINDS = ("", "C", "N", "O", "F", "P", "S", "Cl", "Br", "I", "N+", "O-")  # "" for no atom
BONDS = ("", "SINGLE", "DOUBLE", "TRIPLE")  # in RDKit's words
CHARGES = {"+": 1, "-": -1}
ATOMS = 12  # places, where no other number is given


def graph_form(most_atoms: int = ATOMS) -> GraphForm:
    """Of molecules of up to `most_atoms` heavy atoms, 5 to 22."""
    return GraphForm(integer("most_atoms", most_atoms, LEAST_ATOMS, MOST_ATOMS), len(KINDS), len(BONDS))


# ------------------------------------------------------------------ to a graph


def graph_of(smiles: str, most_atoms: int = ATOMS) -> Tensor:
    """A molecule's graph, packed (A, T + A·B), one-hot float32, its atoms in the order of the SMILES.

    most_atoms: A, 5 to 22. Raises ValueError, saying what is wrong, for what is no molecule, has more heavy atoms, or
    an atom of no known kind; ImportError where rdkit is missing.
    """
    form, found = graph_form(most_atoms), molecule(smiles)
    chemistry().Kekulize(found, clearAromaticFlags=True)
    if (count := found.GetNumAtoms()) > form.atoms:
        raise ValueError(f"{smiles!r} has {count} heavy atoms: there are places for {form.atoms}, see most_atoms")
    nodes, bonds = torch.zeros(1, form.atoms, form.kinds), torch.zeros(1, form.atoms, form.atoms, form.bonds)
    nodes[..., 0], bonds[..., 0] = 1, 1
    for atom in found.GetAtoms():
        nodes[0, atom.GetIdx(), 0], nodes[0, atom.GetIdx(), _kind_of(atom)] = 0, 1
    for bond in found.GetBonds():
        i, j, k = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx(), BONDS.index(str(bond.GetBondType()))
        for one, other in ((i, j), (j, i)):
            bonds[0, one, other, 0], bonds[0, one, other, k] = 0, 1
    return form.packed(nodes, bonds)[0]


def _kind_of(atom: Any) -> int:
    name = atom.GetSymbol() + {0: "", 1: "+", -1: "-"}.get(atom.GetFormalCharge(), "?")
    if name not in KINDS or atom.GetNumRadicalElectrons():
        raise ValueError(f"an atom {name!r} is none of {', '.join(KINDS[1:])}, without radicals, which graphs know")
    return KINDS.index(name)


def graphs(smiles: Iterable[str], most_atoms: int = ATOMS) -> Tensor:
    """Packed graphs (N, A, T + A·B) of molecules, N ≥ 1. Raises as `graph_of`."""
    found = several("smiles", smiles, lambda name, each: graph_of(each, most_atoms))  # type: ignore[arg-type]
    if not found:
        raise ValueError("smiles must be one molecule or more, got none")
    return torch.stack(found)


# ------------------------------------------------------------------ and back


def molecules_of(x: Tensor) -> list[str | None]:
    """Of packed graphs (N, A, T + A·B) with `graph_form`'s kinds: canonical SMILES, None where it is no molecule."""
    return [molecule_of_graph(each) for each in _several(x)]


def molecule_of_graph(graph: Tensor) -> str | None:
    """The canonical SMILES of a packed graph (A, T + A·B), one-hot or shares, of which the largest is taken.

    None where an atom has more bonds than its valences allow, where it is in pieces, and where there is no atom. Bonds
    to a place without an atom do not count. Raises ValueError for bonds that are not symmetric, or another shape.
    """
    built = _built(graph)
    return None if _problem(built) else canonical(chemistry().MolToSmiles(built))


def why_broken(graph: Tensor) -> str:
    """Why a packed graph (A, T + A·B) is no molecule: "no atom", "valence" or "pieces", the first of them; "" else."""
    return _problem(_built(graph))


def _problem(built: Any) -> str:
    from rdkit import rdBase

    Chem = chemistry()
    if not built.GetNumAtoms():
        return "no atom"
    with rdBase.BlockLogs():
        if Chem.SanitizeMol(built, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
            return "valence"
    return "pieces" if len(Chem.GetMolFrags(built)) > 1 else ""


def _built(graph: Tensor) -> Any:
    """RDKit's molecule, looked at by nobody yet."""
    Chem, form = chemistry(), _form_of(tensor("graph", graph)[None])
    nodes, bonds = (each[0].argmax(-1) for each in form.parts(graph.detach()[None]))  # (A,), (A, A)
    if not torch.equal(bonds, bonds.T):
        raise ValueError("bonds must be symmetric: those of i with j are those of j with i")
    built, place = Chem.RWMol(), {}
    for i, which in enumerate(nodes.tolist()):
        if name := KINDS[which]:
            atom = Chem.Atom(name.rstrip("+-"))
            atom.SetFormalCharge(CHARGES.get(name[-1], 0))
            place[i] = built.AddAtom(atom)
    for i, j in bonds.triu(1).nonzero().tolist():
        if i in place and j in place:
            built.AddBond(place[i], place[j], Chem.BondType.names[BONDS[bonds[i, j]]])
    return built


def _several(x: Tensor) -> Tensor:
    _form_of(tensor("x", x))
    return x.detach().cpu()


def _form_of(x: Tensor) -> GraphForm:
    """By the shape (N, A, T + A·B)."""
    if x.ndim != 3 or not LEAST_ATOMS <= x.shape[1] <= MOST_ATOMS or x.shape[1:] != graph_form(x.shape[1]).shape:
        raise ValueError(
            f"graphs must be packed, A rows of {len(KINDS)} + {len(BONDS)}·A numbers, got {tuple(x.shape[1:])}"
        )
    return graph_form(x.shape[1])
