"""Ciphers of chapter 15's benchmark: a seed is a key; D learns English from chapters that are not enciphered."""

from __future__ import annotations

import time
from functools import cache

import torch
from torch import Tensor, nn

from benchmarks.sentences import spent
from gan_edu.losses import least_squares, wasserstein
from gan_edu.training_loop import GAN, Player, adam, train
from gan_edu.translation import (
    SYMBOLS,
    Critic,
    Decipher,
    by_frequency,
    cycling,
    letters,
    new_key,
    read,
    running_text,
    substituted,
    unpaired,
    vigenere,
    windows,
)
from gan_edu.tricks import CosineDecay, spectral_norm, wgan_gp

LENGTH, WINDOWS = 60, 6000  # of the text that D learns from, and as many of another that is enciphered
CIPHER = {
    "way": "gumbel",
    "period": 1,
    "temperature": 1.0,
    "width": 64,
    "reach": 3,
    "g_lr": 2.0,
    "momentum": 0.9,  # of G's plain descent; None: Adam instead, which moves rare symbols as far as common ones
    "d_lr": 0.003,
    "d_steps": 5,
    "batch": 32,
    "steps": 500,
    "cycle": None,  # a weight, of a cycle with two generators
    "start": "anew",  # or "ranks": the logits begin where the frequency ranks point,
    "push": 3.0,  # and lie there so far above the others
    "seed": 0,
}
FILM = 60  # looks of a run at its matrix, of the seed that the setting "film" says


@cache
def halves() -> tuple[Tensor, Tensor]:
    """English symbols, twice 360,000, of different chapters."""
    text, count = letters(" ".join(running_text("en"))), LENGTH * WINDOWS
    return text[:count], text[-count:]


def enciphered(text: Tensor, s: dict) -> Tensor:
    """By a key, or by as many shifts as the period is, of this seed."""
    stream = torch.Generator().manual_seed(s["seed"])
    if s["period"] == 1:
        return substituted(text, new_key(stream))
    return vigenere(text, torch.randperm(SYMBOLS, generator=stream)[: s["period"]].tolist())


def build(s: dict, known: Tensor, hidden: Tensor):
    """(gan, batches, step) of these settings, for two texts (L,)."""
    torch.manual_seed(s["seed"])
    G, D = Decipher(s["period"], s["way"], s["temperature"]), Critic(s["width"], s["reach"])
    if s["start"] == "ranks":
        with torch.no_grad():
            G.logits[:, torch.arange(SYMBOLS), by_frequency(hidden, known)] += s["push"]
    batches = unpaired(windows(known, LENGTH), windows(hidden, LENGTH), s["batch"], s["seed"])
    pieces = {"after_step": [CosineDecay(s["steps"])], "seed": s["seed"]}
    if s["cycle"] is None:
        pieces |= {"d_steps": s["d_steps"], "d_penalties": [wgan_gp(10.0)]}
        return GAN(G, D, 0, wasserstein, *_optimizers(s, G, D), **pieces), batches, None
    back, back_d = Decipher(s["period"], s["way"], s["temperature"]), Critic(s["width"], s["reach"])
    for each in (D, back_d):
        spectral_norm(each)
    b, b_d = _optimizers(s, back, back_d)
    others = {"back": Player(back, b), "back_discriminator": Player(back_d, b_d)}
    gan = GAN(G, D, 0, least_squares, *_optimizers(s, G, D), others=others, **pieces)
    return gan, ((hidden, known) for known, hidden in batches), cycling(s["cycle"])


def _optimizers(s: dict, G: nn.Module, D: nn.Module) -> tuple[torch.optim.Optimizer, torch.optim.Optimizer]:
    if s["momentum"] is None:
        return adam(G, s["g_lr"], (0.5, 0.9)), adam(D, s["d_lr"], (0.5, 0.9))
    return torch.optim.SGD(G.parameters(), s["g_lr"], s["momentum"]), adam(D, s["d_lr"], (0.5, 0.9))


def deciphered(s: dict) -> dict:
    """Train once; shares of the text that are right, also at twenty times; of one arm the matrix, too.

    apart: D(x) − D(G) in the last tenth of the steps, for a Wasserstein critic its estimate, which a code breaker has,
    too. ranks: the share that is right where the frequency ranks of each place of the key are taken.
    """
    begun, (known, secret) = time.process_time(), halves()
    hidden = enciphered(secret, s)
    gan, batches, step = build(s, known, hidden)
    way, film, apart = [], [], []
    due, looks = ({s["steps"] * k // count for k in range(1, count + 1)} for count in (20, FILM))
    for record in train(gan, batches, s["steps"], step=step):
        if record.step in due:
            way.append([record.step, *(round(each, 5) for each in read(gan.generator, hidden, secret))])
        if s.get("film") == s["seed"] and record.step in looks:
            film.append([record.step, bytes((255 * gan.generator.sure[0]).round().byte().flatten().tolist()).hex()])
        if record.step > 0.9 * s["steps"]:
            apart.append((record.real_logits.mean() - record.fake_logits.mean()).item())
    tokens, types = read(gan.generator, hidden, secret)
    scores = {"tokens": tokens, "types": types, "apart": sum(apart) / len(apart)}
    scores["ranks"] = ranked(hidden, known, secret, s["period"])
    return {
        **{name: round(value, 5) for name, value in scores.items()},
        "way": way,
        **({"film": film} if film else {}),
        "cpu_seconds": round(time.process_time() - begun, 1),
    }


def ranked(hidden: Tensor, known: Tensor, secret: Tensor, period: int) -> float:
    """The share of the text that is right where the k-th commonest stands for the k-th commonest, at each place."""
    places = [(hidden[k::period], secret[k::period]) for k in range(period)]
    right = [by_frequency(of, known)[of] == truth for of, truth in places]
    return torch.cat(right).double().mean().item()


def matrix(look: str) -> list[list[int]]:
    """A look of a film, 27 × 27 numbers 0 … 255: row c, how sure G is of what cipher symbol c stands for."""
    return torch.tensor(list(bytes.fromhex(look))).view(SYMBOLS, SYMBOLS).tolist()


def cost(steps: int = 40) -> None:
    """Print what steps cost."""
    known, secret = halves()
    for name, settings in {"one key": {}, "period 4": {"period": 4}, "cycle": {"cycle": 1.0}}.items():
        gan, batches, step = build({**CIPHER, **settings}, known, secret)
        spent(train(gan, batches, 8, step=step))
        begun = time.process_time()
        spent(train(gan, batches, steps, step=step))
        print(f"{name}: {1e3 * (time.process_time() - begun) / steps:.1f} CPU-ms a step", flush=True)
