"""A run of the plane as a few lines of Python that train the same networks to the same weights, bit for bit.

Written are the settings at step 0, and after them each change at the step where it was made, and each step in which
one player learned alone. A learner's own loss goes by the name that holds it in the notebook.
Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

import re

from gan_edu.core.data.distributions import Draws, drawn
from gan_edu.core.training.called import defined, found, name_of
from gan_edu.core.training.networks import mlp
from gan_edu.core.training.penalties import times
from gan_edu.widgets.plane.build import Laboratory
from gan_edu.widgets.plane.settings import DATA, NONE, Drawing, made_by
from gan_edu.widgets.plane.trick_settings import EACH, call

CALLED = (mlp, times, Draws, drawn, *(make for make, _ in DATA.values()))  # the package's own, maybe
OPTIMIZER = "torch.optim.{kind}({network}.parameters(), lr={lr!r}{more})"


def code(laboratory: Laboratory, log: list[dict], step: int, functions: dict) -> str:
    """The program: `laboratory.start` and what came after. log: the recorder's. step: where it stands now.

    functions: {"train": train, "d": d_step, "g": g_step}, as they were handed in. Raises ValueError for one of them,
    or a class of GANs, that has no name.
    """
    lines, now, at = _beginning(laboratory, laboratory.start), dict(laboratory.start), 0
    for event in laboratory.events(log, step):  # of a file, maybe: every value in the program is a known one
        if event["step"] > at:
            lines.append(_stretch(functions, event["step"] - at))
            at = event["step"]
        if letter := event.get("failed"):  # it had drawn a batch, and maybe moved D, before it failed
            train = f"next({name_of(functions['train'])}(gan, batches, 1))" if letter == "train" else ""
            attempt = train or _alone(functions, letter)
            lines += [f"try: {attempt}", "except Exception: pass"]
        elif letter := event.get("single"):
            lines.append(f"for _ in range({event['count']}): {_alone(functions, letter)}")
            at += event["count"]
        elif name := event.get("name"):
            now[name] = event["value"]
            lines.append(f"{_change(laboratory, now, name)}{'' if name == 'data' else f'      # at step {at:,}'}")
    if step > at:
        lines.append(_stretch(functions, step - at))
    return "\n".join([*_imports(laboratory, functions, "\n".join(lines)), "", *lines, ""])


def _stretch(functions: dict, steps: int) -> str:
    return f"for record in {name_of(functions['train'])}(gan, batches, {steps}): pass"


def _alone(functions: dict, letter: str) -> str:
    """The call of a step that one player takes alone."""
    step = functions.get(letter)
    return f"{name_of(step) if step else f'{letter}_step'}(gan, batches)"


def _beginning(laboratory: Laboratory, s: dict) -> list[str]:
    seed = laboratory.seed
    gan = name_of(laboratory.GAN)
    return [
        f"torch.manual_seed({seed})",
        f"G = mlp({[s['latent_dim'], *[s['g_width']] * s['g_depth'], 2]})",
        "D = "
        + laboratory.all_tricks.around_text(
            "discriminator", f"mlp({[2, *[s['d_width']] * s['d_depth'], 1]}, slope=0.2)", s
        ),
        f"gan = {gan}(G, D, latent_dim={s['latent_dim']}, latent={s['latent']!r}, "
        f"loss={_loss(laboratory, s)}, seed={seed},",
        f"{' ' * (len(gan) + 7)}d_steps={s['d_steps']}, g_steps={s['g_steps']},",
        f"{' ' * (len(gan) + 7)}g_optimizer={_optimizer(s, 'g')},",
        f"{' ' * (len(gan) + 7)}d_optimizer={_optimizer(s, 'd')})",
        *([f"gan.d_penalties = {penalties}"] if (penalties := _penalties(laboratory, s)) != "[]" else []),
        *(
            f"gan.{sets} = {laboratory.all_tricks.put_text(sets, s)}; gan.fit()"
            for sets in ("view", "after_step")
            if laboratory.all_tricks.on(sets, s)
        ),
        f"batches = Draws({_data(s['data'])}, {s['batch_size']}, seed={seed})",
    ]


def _change(laboratory: Laboratory, s: dict, name: str) -> str:
    """The line that makes one change; s: the settings after it."""
    if name == "data":
        return f"batches.distribution = {_data(s['data'])}"
    if name == "batch_size":
        return f"batches.batch_size = {s[name]}"
    sets = laboratory.tricks[name].sets.removeprefix(EACH) if name in laboratory.tricks else name
    if sets == "loss":
        return f"gan.loss = {_loss(laboratory, s)}"
    if sets in ("penalty", "gamma", "d_penalties"):
        return f"gan.exchange(d_penalties={_penalties(laboratory, s)})"
    if name in laboratory.tricks:
        return f"gan.exchange({sets}={laboratory.all_tricks.put_text(sets, s)})"
    if name in ("d_steps", "g_steps", "latent"):
        return f"gan.{name} = {s[name]!r}"
    letter, what = name.split("_", 1)
    if what == "optimizer":
        return f"gan.{letter}_optimizer = {_optimizer(s, letter, f'gan.{_network(letter)}')}"
    if what == "lr":
        return f"gan.{letter}_optimizer.param_groups[0]['lr'] = {s[name]!r}"
    if s[f"{letter}_optimizer"] != "Adam":
        return f"# {name} = {s[name]!r}: Adam's"
    return f"gan.{letter}_optimizer.param_groups[0]['betas'] = ({s[f'{letter}_beta1']!r}, {s[f'{letter}_beta2']!r})"


def _network(letter: str) -> str:
    return {"g": "generator", "d": "discriminator"}[letter]


def _optimizer(s: dict, letter: str, network: str = "") -> str:
    kind = s[f"{letter}_optimizer"]
    more = f", betas=({s[f'{letter}_beta1']!r}, {s[f'{letter}_beta2']!r}), fused=True" if kind == "Adam" else ""
    return OPTIMIZER.format(kind=kind, network=network or letter.upper(), lr=s[f"{letter}_lr"], more=more)


def _data(data: str | Drawing) -> str:
    make, arguments = made_by(data)
    return call(make, {}, *map(repr, arguments))


def _loss(laboratory: Laboratory, s: dict) -> str:
    name = found(laboratory.losses[s["loss"]], f"losses[{s['loss']!r}]")[0]
    return laboratory.all_tricks.around_text("loss", name, s)


def _penalties(laboratory: Laboratory, s: dict) -> str:
    own = []
    if s.get("penalty", NONE) != NONE:
        penalty = found(laboratory.penalties[s["penalty"]], f"penalties[{s['penalty']!r}]")[0]
        own = [f"times({s['gamma']!r}, {penalty})"]
    return f"[{', '.join([*own, *laboratory.all_tricks.made_text('d_penalties', s)])}]"


def _imports(laboratory: Laboratory, functions: dict, body: str) -> list[str]:
    """The import lines of the names that `body` uses."""
    wanted: dict[str, set[str]] = {}
    makers = {trick.make for trick in laboratory.tricks.values()}
    for each in filter(None, (laboratory.GAN, *functions.values(), *makers, *CALLED)):
        called, module = defined(each)
        if module and f"{called}(" in body:
            wanted.setdefault(module, set()).add(called)
    for thing in (*laboratory.losses.values(), *laboratory.penalties.values()):
        called, module = found(thing, "")
        if module and re.search(rf"(loss=|gan\.loss = |, |\(){re.escape(called)}(?!\w)", body):
            wanted.setdefault(module, set()).add(called.split("[")[0])
    return [
        "import torch",
        *(
            f"from {module} import {', '.join(sorted(names, key=str.lower))}"
            for module, names in sorted(wanted.items())
        ),
    ]
