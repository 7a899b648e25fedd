"""Notebook 00: its map's minutes against the notebooks, its FID against an independent computation."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
import torch
from chapter_list import chapters

ROOT = Path(__file__).parents[2]


def script(name):
    return (ROOT / "notebooks" / "scripts" / f"{name}.py").read_text(encoding="utf-8")


SCRIPT = script("00_start_here")


def functions(*wanted, **names):
    """Functions of the notebook, by name, where they see `names`."""
    found = [node for node in ast.parse(SCRIPT).body if getattr(node, "name", "") in wanted]
    exec(compile(ast.Module(found, []), "00_start_here", "exec"), names)
    return [names[each] for each in wanted]


def test_the_maps_minutes_are_those_of_the_chapters_that_say_them():
    minutes = {chapter.notebook: chapter.minutes for chapter in chapters(ROOT)}
    said = {name: re.search(r"[Tt]akes (\d+) minutes", script(name)) for name in minutes}
    told = {name: int(found[1]) for name, found in said.items() if found}
    assert len(told) >= 3 and told == {name: minutes[name] for name in told}


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


def test_after_1000_steps_what_g_draws_lies_along_the_heart():
    """JS is log 2 where nothing is shared; a blot in the middle of the heart scores above 0.5."""
    cell = next(part for part in SCRIPT.split("\n# %%") if "heart = " in part).partition("\n")[2]
    names = {}
    exec(cell.replace("\nPlane(", "\nplane = Plane("), names)
    plane = names["plane"]
    before = plane.look.see()["scores"]["js"]
    plane.train_to(1000)
    assert before > 0.6 and plane.look.see()["scores"]["js"] < 0.15
