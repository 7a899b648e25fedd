"""Pace, device, figures, networks, the chapter's measures, the commands, and what importing costs."""

import colorsys
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from PIL import ImageColor

import gan_edu
from gan_edu.__main__ import main
from gan_edu.core.data.datasets import mnist
from gan_edu.core.notebook import figures, paces, stills
from gan_edu.core.training import device
from gan_edu.core.training.networks import MLPGenerator, has_batch_statistics, parameter_count
from gan_edu.core.training.streams import fresh_stream
from gan_edu.mnist_gan import nearest_digits, salt, textbook, textbook_batches
from gan_edu.training_loop import train


@pytest.mark.parametrize("value, expected", [("test", 1), ("lesson", 2), ("full", 3), ("", 2)])
def test_pace_follows_the_environment(monkeypatch, capsys, value, expected):
    monkeypatch.setenv("GAN_EDU_PACE", value)
    assert paces.pace(test=1, lesson=2, full=3) == expected
    assert ("mean nothing" in capsys.readouterr().out) == (value == "test")
    assert paces.claims() == (value != "test")


def test_an_unknown_pace_is_named(monkeypatch):
    monkeypatch.setenv("GAN_EDU_PACE", "fast")
    with pytest.raises(ValueError, match="must be one of test, lesson, full, got 'fast'"):
        paces.current()


def test_the_device_can_be_chosen_and_a_missing_one_is_named(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DEVICE", "cpu")
    assert device.pick().type == "cpu"
    monkeypatch.setenv("GAN_EDU_DEVICE", "abacus")
    with pytest.raises(ValueError, match="'abacus' is not on this machine; there is: cpu"):
        device.pick()


def test_bfloat16_is_fast_where_linux_tells_of_its_instructions(monkeypatch):
    cpuinfo, cpu = Path("/proc/cpuinfo"), torch.device("cpu")
    if not cpuinfo.is_file() or not hasattr(torch.cpu, "get_capabilities"):
        pytest.skip("not Linux, or a torch that cannot tell")
    flags = set(re.search(r"^(?:flags|Features)\s*:(.*)", cpuinfo.read_text(), re.MULTILINE)[1].split())
    assert device.bfloat16_is_fast(cpu) == bool(flags & {"avx512_bf16", "amx_bf16", "bf16"})
    monkeypatch.delattr(torch.cpu, "get_capabilities")
    assert not device.bfloat16_is_fast(cpu)


def test_a_picture_needs_words():
    with pytest.raises(ValueError, match="needs alt text"):
        figures.Picture(b"", "  ")
    picture = figures.pictures(torch.zeros(3, 1, 4, 4), "three grey squares")
    data, metadata = picture._repr_mimebundle_()
    assert data["image/png"].startswith("iVBORw0KGgo") and metadata["image/png"]["alt"] == "three grey squares"
    InteractiveShell.instance()  # without a shell nothing is displayed, only printed
    with capture_output() as captured:
        display(picture)
    shown, words = captured.outputs
    assert shown.data == data and words.data == {"text/html": '<p class="jp-sr-only">three grey squares</p>'}
    with pytest.raises(ValueError, match=r"shape \(N, 1 or 3, H, W\)"):
        figures.pictures(torch.zeros(3, 2, 4, 4), "x")


def contrast(a, b):
    """The WCAG contrast ratio of two #RRGGBB colours."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_the_palette_can_be_read():
    for text in (figures.INK, figures.SOFT):
        assert contrast(text, figures.PAPER) >= 4.5
    for mark in (figures.REAL, figures.FAKE, figures.DISCRIMINATOR, figures.GENERATOR):
        assert contrast(mark, figures.PAPER) >= 3


def turned(colour):
    """A colour (#RRGGBB) as the style sheet of drawings shows it in a dark theme: CSS invert, then hue-rotate."""
    share = float(re.search(r"invert\((.*?)\) hue-rotate\(180deg\)", stills.TURNED)[1])
    parts = torch.tensor([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    grey = torch.tensor([0.213, 0.715, 0.072]).expand(3, 3)  # half a circle round the axis of greys, as W3C has it
    inverted = share + (1 - 2 * share) * parts
    return "#" + "".join(
        f"{round(255 * part):02x}" for part in ((2 * grey - torch.eye(3)) @ inverted).clamp(0, 1).tolist()
    )


def test_a_drawing_can_be_read_in_a_dark_theme_and_its_colours_mean_the_same():
    ground = turned(figures.PAPER)
    assert contrast(ground, "#111111") < 1.2  # JupyterLab's own dark ground
    for text in (figures.INK, figures.SOFT):
        assert contrast(turned(text), ground) >= 4.5
    for mark in (figures.REAL, figures.FAKE, figures.DISCRIMINATOR, figures.GENERATOR):
        assert contrast(turned(mark), ground) >= 3
        hues = [colorsys.rgb_to_hsv(*ImageColor.getrgb(each))[0] for each in (mark, turned(mark))]
        assert min(abs(hues[0] - hues[1]), 1 - abs(hues[0] - hues[1])) < 0.09, mark


def test_a_drawing_says_so_and_a_photograph_does_not():
    figure, _ = figures.subplots()
    drawing, photograph = figures.show(figure, "no curve"), figures.pictures(torch.zeros(3, 1, 4, 4), "grey squares")
    InteractiveShell.instance()
    with capture_output() as captured:
        display(drawing, photograph)
    notes = [output.metadata.get("needs_background") for output in captured.outputs]
    assert notes == ["light", None, None, None]
    styles = ["needs-light-background" in output.data.get("text/html", "") for output in captured.outputs]
    assert styles == [False, True, False, False]


def test_sizes_and_batch_statistics():
    gan = textbook()
    assert parameter_count(gan.generator) == 579_728 and parameter_count(gan.discriminator) == 533_505
    assert not has_batch_statistics(gan.discriminator)
    assert has_batch_statistics(torch.nn.Sequential(torch.nn.BatchNorm2d(3)))


def test_the_same_seed_gives_the_same_networks_wherever_it_is_called():
    torch.manual_seed(1)
    first = textbook(seed=4)
    torch.rand(10)
    second = textbook(seed=4)
    assert torch.equal(first.generator.layers[0].weight, second.generator.layers[0].weight)
    assert torch.equal(first.latents(3), second.latents(3))
    assert not torch.equal(first.latents(3), textbook(seed=5).latents(3))


def test_a_fresh_stream_is_manual_seeds_and_leaves_no_trace():
    before = torch.get_rng_state()
    state = fresh_stream(torch.device("cpu"), 11)[0]
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(11)
    assert torch.equal(torch.get_rng_state(), state)


def test_nearest_digits_by_brute_force():
    images = mnist(train=True)[0][:12_000]
    samples = images[[7, 11_003]].float() / 127.5 - 1
    distances, indices = nearest_digits(samples, images, count=3)
    assert indices[:, 0].tolist() == [7, 11_003] and distances[:, 0].max() < 1e-2
    flat = images.double().flatten(1) / 127.5 - 1
    for sample, found, told in zip(samples.double().flatten(1), indices, distances.double(), strict=True):
        exact, order = (flat - sample).norm(dim=1).sort()
        assert order[:3].tolist() == found.tolist() and torch.allclose(told, exact[:3], atol=1e-5)
    with pytest.raises(ValueError, match="one shape"):
        nearest_digits(torch.zeros(1, 1, 3, 3), images)
    with pytest.raises(ValueError, match="count must be a whole number from 1 to 12,000"):
        nearest_digits(samples, images, count=0)


def test_salt_counts_single_dots_and_no_strokes():
    image = torch.full((1, 1, 28, 28), -1.0)
    assert salt(image) == 0
    image[0, 0, 5, 5] = 1  # one dot
    image[0, 0, 10:20, 12:15] = 1  # one stroke
    image[0, 0, 0, 0] = 0  # one dot in the corner
    assert salt(image) == pytest.approx(2 / 784)
    assert salt(mnist(train=False)[0][:500]) < 1e-3
    for nothing in (image[:0], image[0]):
        with pytest.raises(ValueError, match="pictures have the shape"):
            salt(nothing)


def test_importing_the_package_loads_nothing_that_is_not_pythons_own():
    """Hence milliseconds. In a fresh Python, where nothing is loaded yet, all its modules are told all the same."""
    code = (
        "import sys; before = set(sys.modules); import gan_edu; new = set(sys.modules) - before;"
        "print(*sorted({name.partition('.')[0] for name in new} - set(sys.stdlib_module_names)));"
        "assert not set(gan_edu.MODULES) - {'core'} & set(vars(gan_edu)) and set(gan_edu.MODULES) <= set(dir(gan_edu));"
        "import gan_edu.widgets, gan_edu.core; assert 'torch' not in sys.modules"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout.split() == ["gan_edu"]
    assert gan_edu.losses.minimax.name == "minimax"
    with pytest.raises(AttributeError, match="no module 'nonsense'; it has"):
        _ = gan_edu.nonsense


def test_commands_name_what_they_take(capsys):
    with pytest.raises(SystemExit):
        main(["record", "nothing"])
    assert "name a recording: mnist_textbook" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["record", "mnist_textbook", "--epochs", "1"])
    assert "--into" in capsys.readouterr().err


@pytest.mark.parametrize("pieces", [{"latent_dim": 50}, {"generator": MLPGenerator(100)}, {"precision": "bfloat16"}])
def test_any_field_of_the_textbooks_gan_may_be_changed(pieces):
    gan = textbook(seed=3, **pieces)
    assert next(train(gan, textbook_batches(), 1)).step == 1 and gan.seed == 3
    assert all(getattr(gan, name) == value for name, value in pieces.items())
