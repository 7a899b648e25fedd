"""Notebook 00: its map against the notebooks that are there, its FID against an independent computation."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
import torch

from gan_edu.losses import LOSSES

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def script(name):
    return (ROOT / "notebooks" / "scripts" / name).with_suffix(".py").read_text(encoding="utf-8")


SCRIPT = script("00_start_here.ipynb")


def functions(*wanted, **names):
    """Functions of the notebook, by name, where they see `names`."""
    found = [node for node in ast.parse(SCRIPT).body if getattr(node, "name", "") in wanted]
    exec(compile(ast.Module(found, []), "00_start_here", "exec"), names)
    return [names[each] for each in wanted]


def test_the_map_leads_to_every_other_notebook_in_order():
    rows = re.findall(r"^# \|[^|]*\| \[(\d\d) [^\]]*\]\((\d\d_\w+\.ipynb)\) \|", SCRIPT, re.M)
    assert [name for _, name in rows] == NOTEBOOKS[1:] and all(name.startswith(number) for number, name in rows)
    for name in NOTEBOOKS[1:]:
        title = re.search(r"^# # \d\d · ([^:\n]+)", script(name), re.M)[1]
        assert f"[{name[:2]} {title[0].lower() if title != 'The MNIST GAN' else 't'}{title[1:]}](" in SCRIPT, name
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in NOTEBOOKS if f"](notebooks/{name})" not in readme] == []


def test_the_maps_minutes_are_those_of_the_chapters():
    minutes = dict(re.findall(r"^# \| [^|]*\| \[?(\d\d) [^|]*\|[^|]*\| (\d+) \|$", SCRIPT, re.M))
    assert sorted(minutes) == [name[:2] for name in NOTEBOOKS]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in NOTEBOOKS:
        said = re.search(r"[Ii]t takes (\d+) minutes to read|[Tt]akes (\d+) minutes", script(name))
        assert said is None or minutes[name[:2]] in said.groups(), name
        assert re.search(rf"\(notebooks/{name}\).*\| {minutes[name[:2]]} \|$", readme, re.M), name


def test_each_chapter_holds_the_control_that_the_map_tells_of():
    told = {
        "00": "Replay",
        "01": "DensityPlayer",
        "02": "LossExplorer",
        "03": "Plane PlaneReplay",
        "04": "Replay Live",
        "05": "SmoothingPlayer Plane ScoreTable",
        "06": "PhasePortrait",
    }
    for number, controls in told.items():
        text = script(next(name for name in NOTEBOOKS if name.startswith(number)))
        assert [
            each
            for each in controls.split()
            if not re.search(rf"^from gan_edu.widgets import .*\b{each}\b", text, re.M)
        ] == []
    assert len(LOSSES) == 12


def test_what_the_map_calls_unwritten_is_not_there():
    said = re.search(r"The rest is being written: (\d\d) and \d\d, .*?\(\d\d–\d\d\).*?\(\d\d–(\d\d)\)", SCRIPT, re.S)
    first, last = map(int, said.groups())
    assert [int(name[:2]) for name in NOTEBOOKS] == list(range(first)) and last == 18


@pytest.mark.parametrize("dim", [1, 2, 8])
def test_its_fid_is_the_frechet_distance_of_two_gaussians(dim):
    """|m₁ − m₂|² + tr(C₁ + C₂ − 2 (C₁C₂)^½), by scipy's root of a matrix; (m₁ − m₂)² + (s₁ − s₂)² on a line."""
    (fid,) = functions("fid", torch=torch)
    stream = torch.Generator().manual_seed(dim)
    a, b = torch.randn(2, 200, dim, generator=stream, dtype=torch.float64)
    b = 3 * b + 2
    if dim == 1:
        expected = (a.mean() - b.mean()).item() ** 2 + (a.std() - b.std()).item() ** 2
        a, b = torch.cat([a, a * 0], 1), torch.cat([b, b * 0], 1)  # in a plane, all on one line
    else:
        s, t = (np.cov(x.numpy(), rowvar=False) for x in (a, b))
        root = scipy.linalg.sqrtm(s @ t).real
        expected = ((a.mean(0) - b.mean(0)) ** 2).sum().item() + np.trace(s + t - 2 * root)
    assert fid(a, b) == pytest.approx(expected, rel=1e-9) and fid(a, a) == pytest.approx(0, abs=1e-9)


def test_two_sets_of_equal_mean_and_covariance_are_at_0_and_still_differ():
    (fid,) = functions("fid", torch=torch)
    corners = torch.tensor([[1.0, 1], [1, -1], [-1, 1], [-1, -1]], dtype=torch.float64).repeat(250, 1)
    cloud = torch.randn(1000, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    cloud = cloud - cloud.mean(0)
    cloud = torch.linalg.solve_triangular(torch.linalg.cholesky(cloud.T.cov()), cloud.T, upper=False).T
    cloud = cloud * corners[:, 0].std()
    assert fid(corners, cloud) == pytest.approx(0, abs=1e-9)
    assert (corners.abs() < 0.5).sum() == 0 and (cloud.abs() < 0.5).sum() > 500


def test_its_pixel_model_rates_every_picture_and_the_probabilities_add_up_to_1():
    white = torch.tensor([0.1, 0.5, 0.7], dtype=torch.float64).reshape(1, 1, 3)
    (log_p,) = functions("log_p", white=white)
    every = torch.cartesian_prod(*[torch.tensor([0, 255])] * 3).reshape(8, 1, 1, 3).to(torch.uint8)
    rated = log_p(every).exp()
    assert rated.sum().item() == pytest.approx(1) and rated[0].item() == pytest.approx(0.9 * 0.5 * 0.3)
    assert rated[-1].item() == pytest.approx(0.1 * 0.5 * 0.7)
