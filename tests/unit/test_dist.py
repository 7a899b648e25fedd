"""What `make dist` refuses. The wheel itself is built in test_setup."""

import zipfile

import dist
import pytest


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "gan_edu").mkdir()
    (tmp_path / "gan_edu" / "__init__.py").write_text('__version__ = "1.2.0"\n')
    (tmp_path / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 1.2.0\n")
    (tmp_path / "CHANGELOG.md").write_text("## Unreleased\n\n- one\n- two\n\n## 1.2.0 - 2026-12-01\n\n- three\n")
    return tmp_path


def test_one_version_stands_in_package_citation_and_changes(tree):
    assert dist.agree(tree) == "1.2.0" and dist.unreleased(tree) == 2
    for name in ("CITATION.cff", "CHANGELOG.md", "gan_edu/__init__.py"):
        text = (tree / name).read_text()
        (tree / name).write_text(text.replace("1.2.0", "1.3.0"))
        with pytest.raises(dist.Refused, match=f"{name} has 1.3.0"):
            dist.agree(tree)
        (tree / name).write_text("")
        with pytest.raises(dist.Refused, match=f"{name} has none"):
            dist.agree(tree)
        (tree / name).write_text(text)


def wheel(folder, **sizes):
    """A wheel of files so many megabytes long."""
    names = {
        "mnist": "gan_edu/data/mnist/a.gz",
        "books": "gan_edu/notebooks/00_a.ipynb",
        "own": "gan_edu/losses.py",
        "pip": "gan_edu-1.2.0.dist-info/METADATA",
        "stray": "tests/a.py",
    }
    path = folder / "gan_edu-1.2.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, size in {"mnist": 1, "books": 1, "own": 1, "pip": 0.5, **sizes}.items():
            if size is not None:
                packed.writestr(names[name], bytes(int(size * 1e6)))
    return path


def test_each_part_of_the_wheel_is_there_and_has_its_bound(tmp_path):
    assert dist.sizes(wheel(tmp_path))["notebooks"] == 1
    for sizes, words in (
        ({"own": 31}, "all else of gan_edu take 31.0 MB; more than 0 and at most 30"),
        ({"books": None}, "notebooks take 0.0 MB"),
        ({"mnist": 13}, "MNIST take 13.0 MB"),
        ({"stray": 1}, "tests/a.py belongs to no part"),
    ):
        with pytest.raises(dist.Refused, match=words):
            dist.sizes(wheel(tmp_path, **sizes))


def test_who_is_not_there_is_named_and_who_finds_a_fault_stops_it(tmp_path, monkeypatch):
    path = wheel(tmp_path)
    monkeypatch.setattr(dist, "LOOK_TOO", {"no_such_tool": [], "json": ["-c", "raise SystemExit('amiss')"]})
    told = dist.look_too([path])
    assert "no_such_tool is not here" in next(told)
    with pytest.raises(dist.Refused, match="json: amiss"):
        next(told)
