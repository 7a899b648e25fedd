"""Notebook 00: its map against the notebooks that are there, its FID against an independent computation."""
import ast
import re
from pathlib import Path

import numpy as np
import pytest
import scipy.linalg
import torch

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
SCRIPT = (ROOT / "notebooks" / "scripts" / "00_start_here.py").read_text(encoding="utf-8")


def test_the_map_leads_to_every_other_notebook_in_order():
    rows = re.findall(r"^# \|[^|]*\| \[(\d\d) [^\]]*\]\((\d\d_\w+\.ipynb)\) \|", SCRIPT, re.M)
    assert [name for _, name in rows] == NOTEBOOKS[1:] and all(name.startswith(number) for number, name in rows)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in NOTEBOOKS if f"](notebooks/{name})" not in readme] == []


def test_what_the_map_calls_unwritten_is_not_there():
    said = re.search(r"The rest is being written: (\d\d) and \d\d, .*?\(\d\d–\d\d\).*?\(\d\d–(\d\d)\)", SCRIPT, re.S)
    first, last = map(int, said.groups())
    assert [int(name[:2]) for name in NOTEBOOKS] == list(range(first)) and last == 18


@pytest.mark.parametrize("dim", [1, 2, 8])
def test_its_fid_is_the_frechet_distance_of_two_gaussians(dim):
    """|m₁ − m₂|² + tr(C₁ + C₂ − 2 (C₁C₂)^½), by scipy's root of a matrix; (m₁ − m₂)² + (s₁ − s₂)² on a line."""
    function = next(node for node in ast.walk(ast.parse(SCRIPT)) if getattr(node, "name", "") == "fid")
    names = {"torch": torch}
    exec(compile(ast.Module([function], []), "00_start_here", "exec"), names)
    stream = torch.Generator().manual_seed(dim)
    a, b = torch.randn(2, 200, dim, generator=stream, dtype=torch.float64)
    b = 3 * b + 2
    if dim == 1:
        expected = (a.mean() - b.mean()).item() ** 2 + (a.std() - b.std()).item() ** 2
        a, b = torch.cat([a, a * 0], 1), torch.cat([b, b * 0], 1)         # in a plane, all on one line
    else:
        s, t = (np.cov(x.numpy(), rowvar=False) for x in (a, b))
        root = scipy.linalg.sqrtm(s @ t).real
        expected = ((a.mean(0) - b.mean(0)) ** 2).sum().item() + np.trace(s + t - 2 * root)
    assert names["fid"](a, b) == pytest.approx(expected, rel=1e-9) and names["fid"](a, a) == pytest.approx(0, abs=1e-9)
