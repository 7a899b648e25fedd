"""A figure in JupyterLab follows its dark theme, and a photograph of digits does not."""

import io

import pytest
from helpers.lab import settle
from PIL import Image

CELL = """
import torch
from gan_edu.core.notebook import FAKE, REAL, pictures, show, subplots
from IPython.display import display
figure, axes = subplots()
axes.fill_between([0, 1], 1, color=REAL)
axes.fill_between([1, 2], 1, color=FAKE)
display(show(figure, "two boxes"))
pictures(torch.full((1, 1, 28, 28), 255, dtype=torch.uint8), "a white square", scale=4)
"""


@pytest.fixture(scope="module")
def opened(jupyter):
    with jupyter.open("figures", CELL, height=800) as notebook:
        notebook.run_all()
        yield notebook


def seen(notebook, theme):
    """{name: colour} at places of the two pictures, as the screen shows them."""
    notebook.theme(theme)
    settle(notebook.page)
    drawing, photograph = (
        Image.open(io.BytesIO(shown.screenshot())).convert("RGB")
        for shown in notebook.page.locator(".jp-RenderedImage img").all()
    )
    wide, high = drawing.size
    places = {"ground": (0.5, 0.03), "real": (0.3, 0.6), "fake": (0.75, 0.6)}
    colours = {name: drawing.getpixel((int(x * wide), int(y * high))) for name, (x, y) in places.items()}
    return {**colours, "white": photograph.getpixel((photograph.width // 2, photograph.height // 2))}


def test_its_ground_turns_dark_and_blue_stays_blue(opened):
    light, dark = (seen(opened, f"JupyterLab {theme}") for theme in ("Light", "Dark"))
    assert min(light["ground"]) > 240 and max(dark["ground"]) < 60
    for colours in (light, dark):
        red, _, blue = colours["real"]
        assert blue > red + 60, "real is not blue"
        red, _, blue = colours["fake"]
        assert red > blue + 60, "fake is not orange"
        assert min(colours["white"]) > 240, "a photograph has changed"
    assert sum(dark["real"]) != sum(light["real"])
