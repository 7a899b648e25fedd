"""The loss explorer's Python: its table against plain autograd, its errors, its picture, its page."""

import base64
import html
import json
import re

import numpy as np
import pytest
import torch
from traitlets import TraitError

from gan_edu.losses import LOSSES, Loss
from gan_edu.widgets import LossExplorer
from gan_edu.widgets.loss_explorer.widget import TERMS, TYPES, nodes

textbook = {
    "non-saturating": Loss(
        "−log σ",
        lambda r, f: -r.sigmoid().log().mean() - (1 - f.sigmoid()).log().mean(),
        lambda f, r=None: -f.sigmoid().log().mean(),
    )
}


@pytest.fixture(scope="module")
def explorer():
    return LossExplorer(LOSSES, textbook)


def by_autograd(loss, term, l, dtype):
    x, zero = torch.tensor([[l]], dtype=dtype, requires_grad=True), torch.zeros(1, 1, dtype=dtype)
    value = {
        "real": lambda: loss.d(x, zero),
        "fake": lambda: loss.d(zero, x),
        "g": lambda: loss.g(x, zero if loss.g_needs_real else None),
    }[term]()
    return value.item(), torch.autograd.grad(value, x)[0].item()


@pytest.mark.parametrize("precision", TYPES)
@pytest.mark.parametrize("term", TERMS)
def test_the_table_is_what_autograd_gives(explorer, term, precision):
    explorer.term, explorer.precision = term, precision
    for name, loss in LOSSES.items():
        for l in (-100.0, -20.5, -8.125, -1.0, 0.0, 0.125, 3.5, 24.0, 64.5):
            assert explorer.at(name, l) == pytest.approx(
                by_autograd(loss, term, l, TYPES[precision]), rel=2e-3, abs=1e-7, nan_ok=True
            ), (name, l)


def test_the_bytes_are_laid_out_as_told(explorer):
    spec = explorer.spec
    table = np.frombuffer(explorer.table, "<f4").reshape(2, 13, 3, 2, len(spec["nodes"]))
    at = spec["nodes"].index(-4.0)
    assert spec["textbook"] == {"non-saturating": 12} and spec["terms"] == ["real", "fake", "g"]
    assert table[0, 1, 2, :, at] == pytest.approx([4.018150, -0.982014], abs=1e-5)
    broken = table[0, 12, 2, :, spec["nodes"].index(-89.0)]
    assert np.isinf(broken[0]) and np.isnan(broken[1])


def test_the_nodes_are_exact_in_float16():
    at = nodes()
    assert torch.equal(at, at.half().float()) and (at.diff() > 0).all() and float(at[0]) == -104 == -float(at[-1])


def test_a_learners_own_loss_may_look_at_its_numbers():
    own = Loss("own", lambda r, f: (r - f).mean() if f.item() > -200 else f.sum(), lambda f, r=None: f.abs().mean())
    explorer = LossExplorer({"own": own}, logit=-3.0)
    assert explorer.at("own") == (3.0, -1.0)
    assert LossExplorer({"own": own}, term="fake").at("own", 2.0) == (-2.0, -1.0)
    constant = Loss("flat", lambda r, f: torch.zeros(()), lambda f, r=None: torch.ones(()))
    assert LossExplorer({"flat": constant}).at("flat") == (1.0, 0.0)


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: LossExplorer({}), ValueError, "no loss to show"),
        (lambda: LossExplorer({"x": 3}), TypeError, "'x' needs two functions"),
        (lambda: LossExplorer(LOSSES, {"y": LOSSES["KL"]}), ValueError, "forms of y"),
        (
            lambda: LossExplorer({"x": Loss("x", lambda r, f: r, lambda f, r=None: f)}),
            ValueError,
            "must return a scalar",
        ),
        (lambda: LossExplorer({"x": Loss("x", lambda r: r, lambda f: f)}), ValueError, "'x' cannot be evaluated"),
        (lambda: LossExplorer(LOSSES, picked=["nobody"]), TraitError, "there are: minimax"),
        (lambda: LossExplorer(LOSSES, picked=["KL", "KL"]), TraitError, "different names"),
        (lambda: LossExplorer(LOSSES, picked=list(LOSSES)), TraitError, "."),
        (lambda: LossExplorer(LOSSES, precision="float8"), TraitError, "."),
        (lambda: LossExplorer(LOSSES, logit=1e4), TraitError, "."),
    ],
)
def test_what_cannot_be_shown_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_a_notebook_keeps_a_picture_with_its_words():
    explorer = LossExplorer(LOSSES, picked=["minimax", "KL"])
    data, metadata = explorer._repr_mimebundle_()
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG" and len(data["image/png"]) < 60_000
    assert "At the logit -4: minimax: -0.0181" in metadata["image/png"]["alt"]
    assert data["text/plain"].startswith("LossExplorer(12 losses; ")
    explorer.close()
    again = getattr(explorer, "_repr_mimebundle_", None)  # ipywidgets 8 takes it away, 7 leaves it
    assert again is None or again() is None


def test_names_cannot_end_the_pages_script():
    name = "</script><img src=x onerror=alert(1)>"
    text = LossExplorer({name: LOSSES["KL"]}).to_html().data
    page = html.unescape(re.search(r'srcdoc="(.*?)"', text, re.S)[1])
    assert page.count("</script>") == 2 and "<img" not in page + text


def test_the_page_holds_the_state(tmp_path):
    LossExplorer(LOSSES, logit=2.5, picked=["hinge"]).to_html(tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text()
    state = json.loads(re.search(r'id="gan-edu-state">(.*?)</script>', text, re.S)[1])
    assert state["logit"] == 2.5 and state["picked"] == ["hinge"] and "://" not in text.split("<script")[0]
