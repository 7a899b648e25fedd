"""A run of the plane as a few lines of Python that train the same networks to the same weights, bit for bit.

Written are the settings at step 0, and after them each change at the step where it was made, and each step in which
one player learned alone. A setting writes its own line; here is the order of building, and the log's story.
Belongs to notebook 03_training_loop.
"""

from __future__ import annotations

from gan_edu.core.live.settings import Chosen
from gan_edu.core.training.called import Names
from gan_edu.widgets.plane.build import Laboratory
from gan_edu.widgets.plane.settings import D, G


def code(laboratory: Laboratory, log: list[dict], step: int, functions: dict) -> str:
    """The program: `laboratory.start` and what came after. log: the recorder's. step: where it stands now.

    functions: {"train": train, "d": d_step, "g": g_step}, as they were handed in. Raises ValueError for one of them,
    a class of GANs, a loss or a trick that has no name.
    """
    names, now, at = Names(), dict(laboratory.start), 0
    lines = _beginning(laboratory, now, names)
    for event in laboratory.events(log, step):  # of a file, maybe: every value in the program is a known one
        if event["step"] > at:
            lines.append(_stretch(functions, event["step"] - at, names))
            at = event["step"]
        if letter := event.get("failed"):  # it had drawn a batch, and maybe moved D, before it failed
            train = f"next({names(functions['train'])}(gan, batches, 1))" if letter == "train" else ""
            attempt = train or _alone(functions, letter, names)
            lines += [f"try: {attempt}", "except Exception: pass"]
        elif letter := event.get("single"):
            lines.append(f"for _ in range({event['count']}): {_alone(functions, letter, names)}")
            at += event["count"]
        elif name := event.get("name"):
            now[name] = event["value"]
            lines.append(f"{laboratory.choices[name].code(now, names)}      # at step {at:,}")
    if step > at:
        lines.append(_stretch(functions, step - at, names))
    return "\n".join(["import torch", *names.imports(), "", *lines, ""])


def _stretch(functions: dict, steps: int, names: Names) -> str:
    return f"for record in {names(functions['train'])}(gan, batches, {steps}): pass"


def _alone(functions: dict, letter: str, names: Names) -> str:
    """The call of a step that one player takes alone."""
    step = functions.get(letter)
    return f"{names(step) if step else f'{letter}_step'}(gan, batches)"


def _beginning(laboratory: Laboratory, s: Chosen, names: Names) -> list[str]:
    seed, gan = laboratory.seed, names(laboratory.GAN)
    indent = " " * (len(gan) + 7)
    return [
        f"torch.manual_seed({seed})",
        f"G = {names.written(laboratory.generator(s))}",
        f"D = {names.written(laboratory.discriminator(s))}",
        f"gan = {gan}(G, D, latent_dim={s['latent_dim']}, latent={s['latent']!r}, "
        f"loss={names.written(laboratory.loss(s))}, seed={seed},",
        f"{indent}d_steps={s['d_steps']}, g_steps={s['g_steps']},",
        f"{indent}g_optimizer={G.descent_code('G', s)},",
        f"{indent}d_optimizer={D.descent_code('D', s)})",
        *(hook.code(s, names) for hook in laboratory.filled(s)),
        f"batches = {names.written(laboratory.draws(s))}",
    ]
