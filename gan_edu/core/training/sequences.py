"""Networks that write and read texts: a GRU that draws a token after the other, a D of convolutions, and a babbler.

    G = Writer(NAMES)                        G(u): u (N, T) ~ U[−1, 1] → one-hot texts (N, T, V); nothing flows back
    G.relaxed(u)                             the same draws by Gumbel noise, with a slope that is made up
    G.write(u, begun)                        goes on from beginnings: rollouts
    G.complete("mc", temperature=0.8)        texts
    D = Reader(NAMES)                        (N, T, V), one-hot or soft, → logits (N, 1)

Draws are by the inverse of the cumulated probabilities, so that all that is random is in u, and the GAN's streams hold
it. After the end every token is the end. Cho et al. (2014), arXiv 1406.1078 (GRU); Jang et al. (2017), "Categorical
reparameterization with Gumbel-softmax", arXiv 1611.01144; Gulrajani et al. (2017), arXiv 1704.00028, section 5.5
(`Babbler`, with fewer layers). Used in notebook 14_text.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from gan_edu.core.safety.checked import flag, integer, kind, real, text
from gan_edu.core.training.alphabet import Alphabet
from gan_edu.core.training.networks import MOST_UNITS
from gan_edu.core.training.streams import looking

COLDEST, HOTTEST = 0.05, 20.0
LEAST_U = 1e-7  # of a uniform number whose logarithm's logarithm is taken


def alive(x: Tensor) -> Tensor:
    """(N, T), 1 up to a text's first end and there, 0 after it. x: (N, T, V), one-hot, token 0 the end."""
    ends = x[..., 0]
    return (ends.cumsum(-1) - ends < 0.5).to(x.dtype)


def drawn_token(logits: Tensor, u: Tensor) -> Tensor:
    """One-hot (N, V): the token k with F(k − 1) ≤ u < F(k), F cumulating softmax(logits). u: (N, 1) in [0, 1)."""
    reached = logits.softmax(1).cumsum(1)[:, :-1]  # the last is 1
    return one_hot((u >= reached).sum(1), logits.shape[1]).to(logits)


def gumbel_softmax(logits: Tensor, u: Tensor, temperature: float = 1.0, hard: bool = True) -> Tensor:
    """softmax((logits + g) / τ), g = −log(−log u); hard: its largest number's one-hot, with the slope of the softmax.

    logits, u: (…, V), u uniform in (0, 1). The largest of logits + g is a draw from softmax(logits) (Gumbel 1954); the
    slope is that of another function, so that the gradient is biased: Jang et al. (2017), sections 2.1 and 2.2. τ > 0.
    """
    temperature = real("temperature", temperature, above=0)
    g = -(-u.clamp(LEAST_U, 1 - LEAST_U).log()).log()
    soft = ((logits + g) / temperature).softmax(-1)
    return one_hot(soft.argmax(-1), soft.shape[-1]).to(soft) + soft - soft.detach() if flag("hard", hard) else soft


class Writer(nn.Module):
    """G(u) → one-hot texts (N, T, V), each token drawn given those before it; u: (N, T) uniform in [−1, 1].

    alphabet: T = its length, V = its tokens. width: of the GRU's state, ≥ 1.
    """

    def __init__(self, alphabet: Alphabet, width: int = 96):
        super().__init__()
        self.alphabet, self.latent_dim = kind("alphabet", alphabet, Alphabet), alphabet.length
        self.rnn = nn.GRU(alphabet.tokens, integer("width", width, 1, MOST_UNITS), batch_first=True)
        self.out = nn.Linear(width, alphabet.tokens)

    def logits(self, x: Tensor) -> Tensor:
        """(N, T, V) of the token at each place, given those of x (N, T, V) before it; before the first is nothing."""
        before = torch.cat([torch.zeros_like(x[:, :1]), x[:, :-1]], 1)
        return self.out(self.rnn(before)[0])

    def log_probability(self, x: Tensor) -> Tensor:
        """log p(x_t | x_1 … x_(t−1)) (N, T); 0 after the end, which is certain. Their sum is log p(x)."""
        return (self.logits(x).log_softmax(2) * x).sum(2) * alive(x)

    def forward(self, u: Tensor) -> Tensor:
        return self.write(u)

    @torch.no_grad()
    def write(self, u: Tensor, begun: Tensor | None = None, temperature: float = 1.0) -> Tensor:
        """As the class says; begun (N, T, V): beginnings that are kept, 0 at the places that are to be written.

        temperature: 0.05 to 20, logits are divided by it.
        """
        temperature, (token, state, texts) = real("temperature", temperature, COLDEST, HOTTEST), self._start(u)
        ended = u.new_zeros(len(u), 1)
        for place in range(self.alphabet.length):
            logits, state = self._next(token, state)
            token = drawn_token(logits / temperature, (u[:, place : place + 1] + 1) / 2)
            token = self._after(token, ended)
            if begun is not None:
                given = begun[:, place]
                token = given + (1 - given.sum(1, keepdim=True)) * token
            ended = torch.maximum(ended, token[:, :1])
            texts.append(token)
        return torch.stack(texts, 1)  # (N, T, V)

    def relaxed(self, u: Tensor, temperature: float = 1.0) -> Tensor:
        """The same by `gumbel_softmax`, straight-through: one-hot texts (N, T, V) that a gradient goes through.

        u: (N, T, V), uniform in [−1, 1].
        """
        token, state, texts = self._start(u)
        ended = u.new_zeros(len(u), 1)
        for place in range(self.alphabet.length):
            logits, state = self._next(token, state)
            token = self._after(gumbel_softmax(logits, (u[:, place] + 1) / 2, temperature), ended)
            ended = ended + (1 - ended) * token[:, :1]
            texts.append(token)
        return torch.stack(texts, 1)

    def _start(self, u: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        return u.new_zeros(len(u), self.alphabet.tokens), u.new_zeros(len(u), self.rnn.hidden_size), []

    def _next(self, token: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        state = torch.gru_cell(token, state, *self.rnn.parameters())  # (N, width)
        return self.out(state), state

    @staticmethod
    def _after(token: Tensor, ended: Tensor) -> Tensor:
        """The token, or the end where the text has ended."""
        end = torch.zeros_like(token)
        end[:, 0] = 1
        return (1 - ended) * token + ended * end

    def complete(self, beginning: str = "", temperature: float = 1.0, count: int = 10, seed: int = 0) -> list[str]:
        """`count` texts that begin so; disturbs nothing, the same seed gives the same.

        beginning: in the alphabet's letters, or their capitals where it has none; shorter than a text may be.
        temperature: 0.05 to 20, below 1 what is likely becomes likelier. Raises ValueError for others.
        """
        begun = self.alphabet.encode([self.alphabet.in_case(text("beginning", beginning))], whole=False)
        count = integer("count", count, 1, 100_000)
        weight = self.out.weight
        stream = torch.Generator(weight.device).manual_seed(integer("seed", seed))
        u = weight.new_empty(count, self.alphabet.length).uniform_(-1, 1, generator=stream)
        with looking(self):
            parts = [self.write(each, begun.to(u).expand(len(each), -1, -1), temperature) for each in u.split(2000)]
        return [each for part in parts for each in self.alphabet.decode(part)]


class Reader(nn.Module):
    """D: texts (N, T, V), one-hot or soft, → logits (N, 1), by two layers of convolutions along the text.

    width: maps, ≥ 1.
    """

    def __init__(self, alphabet: Alphabet, width: int = 64):
        super().__init__()
        self.alphabet, width = kind("alphabet", alphabet, Alphabet), integer("width", width, 1, MOST_UNITS)
        self.layers = nn.Sequential(
            nn.Conv1d(alphabet.tokens, width, 3, padding=1),  # (N, width, T)
            nn.LeakyReLU(0.2),
            nn.Conv1d(width, width, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            nn.Linear(width * alphabet.length, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x.transpose(1, 2))

    def judge(self, texts: list[str]) -> list[float]:
        """σ(D), the probability that each text is real, as D has it. Raises ValueError for letters it does not know."""
        x = self.alphabet.encode(texts).to(next(self.parameters()))
        with looking(self):
            return self(x).sigmoid()[:, 0].tolist()


class Babbler(nn.Module):
    """G: z (N, latent_dim) → shares of tokens (N, T, V), all places at once and each softmax; no text is drawn.

    width: maps, ≥ 1. Its texts are the largest share of each place.
    """

    def __init__(self, alphabet: Alphabet, latent_dim: int = 64, width: int = 64):
        super().__init__()
        self.alphabet, width = kind("alphabet", alphabet, Alphabet), integer("width", width, 1, MOST_UNITS)
        self.latent_dim = integer("latent_dim", latent_dim, 1, MOST_UNITS)
        self.start = nn.Linear(latent_dim, width * alphabet.length)
        self.layers = nn.Sequential(
            nn.Unflatten(1, (width, alphabet.length)),  # (N, width, T)
            nn.ReLU(),
            nn.Conv1d(width, width, 5, padding=2),
            nn.ReLU(),
            nn.Conv1d(width, width, 5, padding=2),
            nn.ReLU(),
            nn.Conv1d(width, alphabet.tokens, 1),
        )

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(self.start(z)).softmax(1).transpose(1, 2)  # (N, T, V)
