"""Networks that write and read small graphs: a G that gives all of one at once, a D for which atoms have no order.

    form = GraphForm(atoms=12, kinds=12, bonds=4)        places for atoms; kinds of them and of bonds, each 0 for none
    x = form.packed(nodes, bonds)                        (N, A, T), (N, A, A, B) → (N, A, T + A·B): what is trained on
    G = GraphWriter(form, draws=True)                    G(z) → x, each atom and bond a draw; else shares of kinds
    D = GraphReader(form)                                x → logits (N, 1), the same in whichever order atoms stand
    relational_step(h, bonds, own, by_bond)              what an atom learns of its neighbours, in formulas

De Cao and Kipf (2018), "MolGAN: an implicit generative model for small molecular graphs", arXiv 1805.11973;
Schlichtkrull et al. (2018), "Modeling relational data with graph convolutional networks", arXiv 1703.06103; Li et al.
(2016), "Gated graph sequence neural networks", arXiv 1511.05493, equation 7 (the sum over atoms). Here G gives each
bond once, where MolGAN's gives it twice and takes the mean. Used in notebook 16_molecules.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan_edu.core.safety.checked import flag, integer, kind, real
from gan_edu.core.training.networks import MOST_UNITS
from gan_edu.core.training.sequences import gumbel_softmax
from gan_edu.core.training.tensors import tensor

MOST_PLACES = 100  # for atoms, of whose square bonds are
MOST_LAYERS = 20  # of relations
SLOPE = 0.2  # of leaky ReLUs


@dataclass(frozen=True)
class GraphForm:
    """What a graph can be. atoms: A, places for one; kinds: T, of atoms; bonds: B, kinds of bonds. Kind 0 is none.

    A from 2 to 100, T and B 2 or more.
    """

    atoms: int
    kinds: int
    bonds: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "atoms", integer("atoms", self.atoms, 2, MOST_PLACES))
        object.__setattr__(self, "kinds", integer("kinds", self.kinds, 2, MOST_UNITS))
        object.__setattr__(self, "bonds", integer("bonds", self.bonds, 2, MOST_UNITS))

    @property
    def shape(self) -> tuple[int, int]:
        """Of one packed graph: (A, T + A·B)."""
        return self.atoms, self.kinds + self.atoms * self.bonds

    @property
    def pairs(self) -> int:
        """A(A − 1)/2, each pair of places once."""
        return self.atoms * (self.atoms - 1) // 2

    def packed(self, nodes: Tensor, bonds: Tensor) -> Tensor:
        """nodes (N, A, T), bonds (N, A, A, B) → (N, A, T + A·B): to each atom its kind, then its bonds."""
        return torch.cat([nodes, bonds.flatten(2)], 2)

    def parts(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Packed graphs (N, A, T + A·B) → nodes (N, A, T), bonds (N, A, A, B). Raises ValueError for another shape."""
        if (shape := tuple(tensor("x", x).shape))[1:] != self.shape:
            raise ValueError(f"x must be packed graphs (N, {self.shape[0]}, {self.shape[1]}), got {shape}")
        return x[..., : self.kinds], x[..., self.kinds :].unflatten(2, (self.atoms, self.bonds))


def relational_step(h: Tensor, bonds: Tensor, own: Tensor, by_bond: Tensor) -> Tensor:
    """h'_i = own h_i + Σ_k Σ_j bonds_ijk by_bond_k h_j, over bonds k = 1 … B − 1: kind 0 is none.

    h: (N, A, K), bonds: (N, A, A, B), one-hot or shares, own: (L, K), by_bond: (B − 1, L, K) → (N, A, L).
    Schlichtkrull et al. (2018), equation 2, with sums for means.
    """
    told = h @ by_bond.flatten(0, 1).T  # (N, A, (B − 1)·L): what each atom tells along a bond of each kind
    told = told.unflatten(2, by_bond.shape[:2]).flatten(1, 2)  # (N, A·(B − 1), L)
    heard = bonds[..., 1:].flatten(2) @ told  # (N, A, A·(B − 1)) @ (N, A·(B − 1), L)
    return h @ own.T + heard


class Relational(nn.Module):
    """A layer of `relational_step` with a bias. inputs, outputs: numbers of an atom, K and L; bonds: B."""

    def __init__(self, inputs: int, outputs: int, bonds: int):
        super().__init__()
        inputs, outputs = integer("inputs", inputs, 1, MOST_UNITS), integer("outputs", outputs, 1, MOST_UNITS)
        self.own = nn.Linear(inputs, outputs)
        self.by_bond = nn.Parameter(torch.empty(integer("bonds", bonds, 2, MOST_UNITS) - 1, outputs, inputs))
        nn.init.uniform_(self.by_bond, -(inputs**-0.5), inputs**-0.5)  # as torch begins a linear layer

    def forward(self, h: Tensor, bonds: Tensor) -> Tensor:
        """h: (N, A, K), bonds: (N, A, A, B) → (N, A, L)."""
        return relational_step(h, bonds, self.own.weight, self.by_bond) + self.own.bias


class GraphReader(nn.Module):
    """D: packed graphs (N, A, T + A·B), one-hot or shares, → logits (N, 1), relational layers and a gated sum.

        D(x) = mlp(Σ_i σ(gate(h_i, x_i)) · tanh(value(h_i, x_i)))

    A sum has no order, so that D(x) does not change with that of the atoms. width: numbers of an atom, ≥ 1; layers:
    how many bonds far an atom hears, 1 to 20.
    """

    def __init__(self, form: GraphForm, width: int = 64, layers: int = 2):
        super().__init__()
        self.form, width = kind("form", form, GraphForm), integer("width", width, 1, MOST_UNITS)
        inputs = [form.kinds, *[width] * (integer("layers", layers, 1, MOST_LAYERS) - 1)]
        self.layers = nn.ModuleList([Relational(each, width, form.bonds) for each in inputs])
        self.gate, self.value = nn.Linear(width + form.kinds, width), nn.Linear(width + form.kinds, width)
        self.out = nn.Sequential(nn.Linear(width, width), nn.LeakyReLU(SLOPE), nn.Linear(width, 1))

    def forward(self, x: Tensor) -> Tensor:
        nodes, bonds = self.form.parts(x)
        h = nodes
        for layer in self.layers:
            h = nn.functional.leaky_relu(layer(h, bonds), SLOPE)
        seen = torch.cat([h, nodes], 2)  # (N, A, width + T)
        return self.out((self.gate(seen).sigmoid() * self.value(seen).tanh()).sum(1))


class GraphWriter(nn.Module):
    """G: z (N, latent_dim), uniform in [−1, 1], → packed graphs (N, A, T + A·B), by an MLP, all at once.

    draws: whether each atom and bond is drawn, by `gumbel_softmax`, straight-through: one-hot, with a slope that is
    made up. The uniform numbers for that are the last of z, so that G(z) is a function. Without, shares of kinds,
    softmax; a graph is the largest of each. code: numbers of z that the MLP reads; width: of its two layers;
    temperature: τ > 0; gain: by which its logits are multiplied, > 0: with more, G begins surer of each draw, and more
    of what differs from graph to graph comes from the code. Bonds are symmetric, and no atom has one with itself.
    """

    pair_of: Tensor

    def __init__(
        self,
        form: GraphForm,
        draws: bool = True,
        code: int = 32,
        width: int = 128,
        temperature: float = 1.0,
        gain: float = 1.0,
    ):
        super().__init__()
        self.form, self.draws = kind("form", form, GraphForm), flag("draws", draws)
        self.code, width = integer("code", code, 1, MOST_UNITS), integer("width", width, 1, MOST_UNITS)
        self.temperature, self.gain = real("temperature", temperature, above=0), real("gain", gain, above=0)
        self.outputs = form.atoms * form.kinds + form.pairs * form.bonds
        self.latent_dim = self.code + self.outputs * self.draws
        self.layers = nn.Sequential(
            nn.Linear(self.code, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, self.outputs)
        )
        self.register_buffer("pair_of", _pair_of(form.atoms), persistent=False)

    def forward(self, z: Tensor) -> Tensor:
        return self._whole(self._shares(self.gain * self.layers(z[:, : self.code]), z[:, self.code :]))

    def _shares(self, logits: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """Of atoms (N, A, T) and pairs (N, A(A − 1)/2, B)."""
        pieces = zip(self._cut(logits), self._cut(u) if self.draws else (None, None), strict=True)
        atoms, pairs = (
            each.div(self.temperature).softmax(2)
            if noise is None
            else gumbel_softmax(each, (noise + 1) / 2, self.temperature)
            for each, noise in pieces
        )
        return atoms, pairs

    def _cut(self, row: Tensor) -> tuple[Tensor, Tensor]:
        form = self.form
        atoms, pairs = row.split([form.atoms * form.kinds, form.pairs * form.bonds], 1)
        return atoms.unflatten(1, (form.atoms, form.kinds)), pairs.unflatten(1, (form.pairs, form.bonds))

    def _whole(self, shares: tuple[Tensor, Tensor]) -> Tensor:
        """Each pair's bond put at both its places, and none at the diagonal."""
        atoms, pairs = shares
        none = torch.zeros_like(pairs[:, :1])
        none[..., 0] = 1
        return self.form.packed(atoms, torch.cat([pairs, none], 1)[:, self.pair_of])


def _pair_of(atoms: int) -> Tensor:
    """(A, A): which pair i and j are, alike for j and i; at the diagonal one more, A(A − 1)/2."""
    i, j = torch.triu_indices(atoms, atoms, 1)
    found = torch.full((atoms, atoms), len(i))
    found[i, j] = found[j, i] = torch.arange(len(i))
    return found
