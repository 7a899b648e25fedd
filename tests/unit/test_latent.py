"""Paths between latents against independent computations, and the explorer's Python."""

import base64
import io
import json
import math

import numpy as np
import pytest
import scipy.stats
import torch
from hypothesis import given, settings, strategies as st
from PIL import Image
from scipy.spatial import geometric_slerp
from traitlets import TraitError

from gan_edu import mnist_gan
from gan_edu.core.data.latent_paths import latent_grid, lerp, neighbours, slerp
from gan_edu.mnist_gan import textbook, trained_textbook
from gan_edu.widgets import LatentExplorer

double = {"dtype": torch.float64}
steps = torch.linspace(0, 1, 33, **double)


def latents(count, dim=100, seed=0, **kwargs):
    return torch.randn(count, dim, generator=torch.Generator().manual_seed(seed), **kwargs)


pairs = st.tuples(st.integers(0, 10_000), st.integers(2, 120), st.floats(0.1, 10), st.floats(0.1, 10)).map(
    lambda c: (latents(1, c[1], c[0], **double)[0] * c[2], latents(1, c[1], c[0] + 1, **double)[0] * c[3])
)


# ---------------------------------------------------------------- the arc and the line


@given(pairs, st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_slerp_is_scipys_for_directions(pair, t):
    a, b = (z / z.norm() for z in pair)
    expected = geometric_slerp(a.numpy(), b.numpy(), [t], tol=1e-6)[0]
    assert np.allclose(slerp(a, b, t).numpy(), expected, atol=1e-9)


@given(pairs)
@settings(max_examples=60, deadline=None)
def test_slerp_is_shoemakes_formula_for_equal_lengths(pair):
    a, b = pair[0], pair[1] * (pair[0].norm() / pair[1].norm())
    angle = math.acos(float(a @ b / (a.norm() * b.norm())))
    t = steps[:, None]
    expected = (torch.sin((1 - t) * angle) * a + torch.sin(t * angle) * b) / math.sin(angle)
    assert torch.allclose(slerp(a, b, steps), expected, atol=1e-8, rtol=1e-8)


@given(pairs)
@settings(max_examples=60, deadline=None)
def test_both_paths_begin_and_end_exactly_and_the_arc_keeps_the_length(pair):
    a, b = pair
    for path in (lerp, slerp):
        z = path(a, b, steps)
        assert torch.equal(z[0], a) and torch.equal(z[-1], b)
        assert torch.equal(path(a.float(), b.float(), 1.0), b.float())
    length = slerp(a, b, steps).norm(dim=1)
    assert torch.allclose(length, torch.lerp(a.norm(), b.norm(), steps), rtol=1e-9)
    assert (lerp(a, b, steps).norm(dim=1) <= length + 1e-9).all()  # a chord lies inside


@given(pairs, st.floats(0.01, 100))
@settings(max_examples=40, deadline=None)
def test_for_parallel_latents_both_paths_are_one(pair, factor):
    a = pair[0]
    assert torch.allclose(slerp(a, factor * a, steps), lerp(a, factor * a, steps), rtol=1e-9)
    assert torch.allclose(slerp(a, a, steps), a.expand(33, -1))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("tiny", [1e-2, 1e-4, 1e-6, 1e-9, 0.0])
def test_slerp_is_stable_for_nearly_parallel_and_nearly_opposite_latents(dtype, tiny):
    a, other = latents(2, dtype=dtype)
    t = torch.linspace(0, 1, 9, dtype=dtype)
    z = slerp(a, a + tiny * other, t)
    assert z.isfinite().all() and torch.allclose(z, lerp(a, a + tiny * other, t), atol=10 * tiny**2 + 1e-5)
    if tiny >= 1e-2:
        z = slerp(a, -a + tiny * other, t)
        assert torch.allclose(z.norm(dim=1), torch.lerp(a.norm(), (-a + tiny * other).norm(), t), rtol=1e-4)
        assert abs(float(z[4] @ a)) < 0.02 * float(a @ a)  # halfway stands at a right angle


def test_paths_take_batches_and_single_numbers():
    a, b = latents(5), latents(5, seed=1)
    each = torch.stack([slerp(a[k], b[k], 0.3) for k in range(5)])
    assert torch.allclose(slerp(a, b, 0.3), each, atol=1e-6)
    t = torch.linspace(0, 1, 4)
    many = slerp(a[:, None], b[:, None], t)  # (5, 4, 100)
    assert many.shape == (5, 4, 100) and torch.allclose(many[2], slerp(a[2], b[2], t), atol=1e-6)
    assert lerp(a, b, 0.5).shape == (5, 100)


@pytest.mark.parametrize(
    "a, b, words",
    [
        (torch.ones(4), -torch.ones(4), "opposite, and all great circles join them"),
        (torch.ones(4), -3 * torch.ones(4), "opposite"),
        (torch.zeros(4), torch.ones(4), "length 0 has none"),
        (torch.ones(4), torch.ones(5), r"one size, got the shapes \(4,\) and \(5,\)"),
    ],
)
def test_what_has_no_arc_is_refused(a, b, words):
    with pytest.raises(ValueError, match=words):
        slerp(a, b, 0.5)


# ---------------------------------------------------------------- lengths of Gaussian latents


@pytest.mark.parametrize("dim", [2, 10, 100])
def test_the_band_holds_99_of_100_lengths_and_leaves_as_many_out_on_either_side(dim):
    low, high = LatentExplorer(lambda z: torch.zeros(len(z), 1, 4, 4), latents(2, dim)).band
    lengths = latents(100_000, dim).norm(dim=1)
    for outside in (lengths < low, lengths > high):
        assert outside.double().mean().item() == pytest.approx(0.005, abs=0.0015)  # six standard errors


def test_the_figures_of_the_text():
    """Length 10 ± 0.7 for 100 numbers; halfway on the line 7.1, which training has practically never seen."""
    lengths = scipy.stats.chi(100)
    assert (lengths.mean(), lengths.std()) == pytest.approx((9.98, 0.706), abs=0.005)
    assert math.sqrt(0.5) * lengths.mean() == pytest.approx(7.05, abs=0.01)
    assert lengths.cdf(7.05) < 1e-5
    a, b = latents(4000), latents(4000, seed=1)
    assert lerp(a, b, 0.5).norm(dim=1).mean() == pytest.approx(7.05, abs=0.03)
    assert slerp(a, b, 0.5).norm(dim=1).mean() == pytest.approx(9.98, abs=0.03)
    low, high = lengths.interval(0.99)
    inside = [((z.norm(dim=1) > low) & (z.norm(dim=1) < high)).float().mean() for z in (a, lerp(a, b, 0.5))]
    assert inside[0] == pytest.approx(0.99, abs=0.005) and inside[1] < 0.03


# ---------------------------------------------------------------- planes and neighbourhoods


@pytest.mark.parametrize("path", [lerp, slerp])
def test_a_plane_has_its_corners_and_edges(path):
    a, b, c, d = latents(4, **double)
    grid = latent_grid(a, b, c, d, rows=5, columns=9, path=path)
    assert grid.shape == (5, 9, 100)
    for corner, z in ((grid[0, 0], a), (grid[0, -1], b), (grid[-1, 0], c), (grid[-1, -1], d)):
        assert torch.equal(corner, z)
    assert torch.allclose(grid[0], path(a, b, torch.linspace(0, 1, 9, **double)))
    assert torch.allclose(grid[:, -1], path(b, d, torch.linspace(0, 1, 5, **double)))


def test_three_latents_span_a_plane_by_analogy():
    a, b, c = latents(3, **double)
    flat = latent_grid(a, b, c, rows=3, columns=5, path=lerp)
    u, v = torch.linspace(0, 1, 5, **double), torch.linspace(0, 1, 3, **double)[:, None]
    assert torch.allclose(flat, a + u[..., None] * (b - a) + v[..., None] * (c - a))
    corner = latent_grid(a, b, c)[-1, -1]
    assert corner.norm() == pytest.approx(a.norm().item())
    assert torch.cosine_similarity(corner, b + c - a, dim=0) == pytest.approx(1)
    with pytest.raises(ValueError, match="rows must be a whole number ≥ 2, got 1"):
        latent_grid(a, b, c, rows=1)


@given(st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_neighbours_have_the_law_of_latents(strength):
    """Of 20,000 latents, one neighbour each: mean 0, variance 1, and the stated correlation with z."""
    z, noise = latents(20_000, 4, **double), latents(20_000, 4, seed=1, **double)
    like = neighbours(z.flatten(), strength, noise.flatten()[None])[0].view(-1, 4)
    assert like.mean(0).numpy() == pytest.approx(np.zeros(4), abs=0.05)
    assert like.var(0).numpy() == pytest.approx(np.ones(4), abs=0.05)
    correlation = np.corrcoef(like.flatten(), z.flatten())[0, 1]
    assert correlation == pytest.approx(math.sqrt(1 - strength**2), abs=0.02)


def test_strength_0_is_the_latent_and_1_the_noise():
    z, noise = latents(1)[0], latents(16, seed=1)
    levels = neighbours(z, torch.linspace(0, 1, 11), noise)
    assert levels.shape == (11, 16, 100)
    assert torch.allclose(levels[0], z.expand(16, -1)) and torch.allclose(levels[-1], noise)
    assert torch.allclose(levels[3], neighbours(z, 0.3, noise), atol=1e-6)
    for strength in (-0.1, 1.1, float("nan"), torch.tensor([0.5, 2.0])):
        with pytest.raises(ValueError, match="strength must be"):
            neighbours(z, strength, noise)


# ---------------------------------------------------------------- the widget


@pytest.fixture(scope="module")
def gan():
    return textbook()


@pytest.fixture
def explorer(gan):
    return LatentExplorer(
        gan.generate,
        latents(12),
        nearest=lambda samples, count: samples[:, None].expand(-1, count, -1, -1, -1) * 0.5,
        seed=3,
    )


def tile(answer, k):
    atlas = Image.open(io.BytesIO(answer["png"]))
    w, h = answer["frame_width"], answer["frame_height"]
    x, y = k % answer["columns"] * w, k // answer["columns"] * h
    return np.asarray(atlas.crop((x, y, x + w, y + h)))


def rendered(gan, z):
    return ((gan.generate(z)[:, 0] + 1) * 127.5).round().clamp(0, 255).numpy()


def test_a_pick_sends_the_walk_on_both_paths(explorer, gan):
    explorer.set_state({"a": 5, "selected": 5})  # as the browser tells it
    explorer.set_state({"b": 9})
    walk, (a, b) = explorer.walk, explorer.latents[[5, 9]]
    assert walk["of"] == [5, 9] and len(walk["norms"]) == 66 and explorer.error == ""
    t = torch.linspace(0, 1, 33)
    for first, path in ((0, lerp), (33, slerp)):
        z = path(a, b, t)
        assert walk["norms"][first : first + 33] == pytest.approx(z.norm(dim=1).tolist(), abs=1e-4)
        for k in (0, 7, 16, 32):
            assert np.abs(tile(walk, first + k) - rendered(gan, z)[k]).max() <= 1
    assert np.array_equal(tile(walk, 0), tile(explorer.tiles, 5)) and np.array_equal(tile(walk, 65), tile(walk, 32))


def test_a_view_is_computed_when_it_is_open(explorer, gan):
    assert explorer.plane == {} and explorer.more == {}
    explorer.view, before = "plane", explorer.walk
    z = latent_grid(*explorer.latents[:4])
    assert explorer.plane["of"] == [0, 1, 2, 3]
    assert explorer.plane["norms"] == pytest.approx(z.flatten(0, 1).norm(dim=1).tolist(), abs=1e-4)
    assert np.abs(tile(explorer.plane, 24) - rendered(gan, z[3, 3][None])[0]).max() <= 1
    explorer.d = 7
    assert explorer.plane["of"] == [0, 1, 2, 7] and explorer.walk is before
    explorer.view = "more"
    assert explorer.more["of"] == [0, 0] and len(explorer.more["norms"]) == 11 * 16
    first = explorer.more["png"]
    explorer.fresh = 1
    assert explorer.more["png"] != first
    explorer.fresh = 0
    assert explorer.more["png"] == first  # the same ask, the same answer


def test_neighbours_come_from_a_stream_of_their_own(explorer, gan):
    states = [torch.get_rng_state(), gan.noise_stream.get_state(), gan.display_stream.get_state()]
    weights = [w.clone() for w in gan.generator.parameters()]
    explorer.view = "more"
    explorer.fresh = 5
    explorer.keep(3)
    after = [torch.get_rng_state(), gan.noise_stream.get_state(), gan.display_stream.get_state()]
    assert all(torch.equal(x, y) for x, y in zip(states, after, strict=True))
    assert all(torch.equal(x, y) for x, y in zip(weights, gan.generator.parameters(), strict=True))
    assert gan.generator.training


def test_a_neighbour_that_is_kept_becomes_a_sample(explorer, gan):
    explorer.view, explorer.selected, explorer.strength = "more", 4, 0.5
    shown = tile(explorer.more, 5 * 16 + 11)
    explorer._handle_msg({"content": {"data": {"method": "custom", "content": {"keep": 11}}}, "buffers": []})
    assert explorer.error == "" and explorer.selected == 12 and len(explorer.latents) == 13
    assert np.abs(tile(explorer.tiles, 12).astype(int) - shown).max() <= 1
    assert explorer.more["of"] == [12, 0]
    explorer._handle_msg({"content": {"data": {"method": "custom", "content": {"keep": 99}}}, "buffers": []})
    assert "neighbour must be a whole number from 0 to 15, got 99" in explorer.error
    with pytest.raises(ValueError, match="neighbour must be a whole number from 0 to 15, got 16"):
        explorer.keep(16)


def test_an_explorer_is_full_at_64(gan):
    explorer = LatentExplorer(gan.generate, latents(64))
    with pytest.raises(ValueError, match="64 samples are the most"):
        explorer.keep(0)


def test_the_nearest_pictures_come_with_their_distance(explorer, gan):
    explorer.selected = 7
    sample = gan.generate(explorer.latents[7:8])
    assert explorer.near["of"] == 7
    assert explorer.near["distances"] == pytest.approx([(0.5 * sample).norm().item()] * 4, rel=1e-4)


def test_nearest_may_give_bytes(gan):
    pictures = torch.randint(0, 256, (100, 1, 28, 28), dtype=torch.uint8)
    explorer = LatentExplorer(gan.generate, latents(3), nearest=lambda samples, count: pictures[:count][None])
    expected = (pictures[2].float() / 127.5 - 1 - gan.generate(explorer.latents[:1])[0]).norm()
    assert explorer.near["distances"][2] == pytest.approx(expected.item(), rel=1e-4)


def test_colour_and_oblong_pictures(gan):
    explorer = LatentExplorer(lambda z: torch.tanh(z[:, :3, None, None].expand(-1, -1, 20, 30)), latents(5))
    assert tile(explorer.walk, 3).shape == (20, 30, 3)
    assert Image.open(io.BytesIO(base64.b64decode(explorer._repr_mimebundle_()[0]["image/png"]))).width > 800


@pytest.mark.parametrize(
    "given, error, words",
    [
        (("generate", latents(4)), TypeError, "generate must be a function"),
        ((lambda z: z, latents(1)), ValueError, r"N from 2 to 64, got \(1, 100\)"),
        ((lambda z: z, latents(65)), ValueError, r"got \(65, 100\)"),
        ((lambda z: z, [1, 2]), ValueError, "got list"),
        ((lambda z: z, latents(4) / 0), ValueError, "finite"),
        ((lambda z: z, torch.ones(4, 3, dtype=torch.int64)), ValueError, "finite floating-point"),
        ((lambda z: z, latents(4)), ValueError, r"generate must give pictures \(4, 1 or 3, H, W\)"),
        ((lambda z: None, latents(4)), ValueError, "got NoneType"),
    ],
)
def test_what_cannot_be_explored_is_refused(given, error, words):
    with pytest.raises(error, match=words):
        LatentExplorer(*given)


@pytest.mark.parametrize("name", ["a", "b", "c", "d", "selected"])
def test_a_sample_that_does_not_exist_is_refused(explorer, name):
    with pytest.raises(TraitError, match=f"{name} must be between 0 and 11, the samples there are, got 12"):
        setattr(explorer, name, 12)
    with pytest.raises(TraitError):
        explorer.position = 33


def test_errors_of_a_pick_are_told_in_the_view_and_pass(gan):
    z = latents(4)
    z[3] = -z[0]
    explorer = LatentExplorer(gan.generate, z)
    before = explorer.walk
    explorer.b = 3
    assert "opposite" in explorer.error and explorer.error.startswith("ValueError: ") and explorer.walk is before
    explorer.b = 2
    assert explorer.error == "" and explorer.walk["of"] == [0, 2]


def test_where_training_draws_from_another_law_its_band_is_told(gan):
    z = torch.rand(8, 100) * 2 - 1
    assert LatentExplorer(gan.generate, z, band=(5.0, 6.5)).tiles["band"] == [5.0, 6.5]
    assert LatentExplorer(gan.generate, z).tiles["band"] == pytest.approx([8.2, 11.84], abs=0.01)


# ---------------------------------------------------------------- what stays without a kernel


def test_a_saved_notebook_keeps_view_picture_and_words(explorer):
    explorer.a, explorer.b = 3, 8
    data, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    png = base64.b64decode(data["image/png"])
    picture = Image.open(io.BytesIO(png))
    assert picture.width > 800 and len(png) < 100_000
    assert metadata["image/png"]["alt"] == explorer.alt
    assert explorer.alt.startswith("A walk from sample 3 to sample 8") and "8.2 to 11.8" in explorer.alt
    assert data["text/plain"] == "LatentExplorer(12 samples, latents of 100 numbers; A = 3, B = 8)"


def test_the_page_holds_the_walks_that_were_made(explorer, tmp_path):
    explorer.b = 5
    explorer.a = 2
    shown = explorer.to_html(tmp_path / "explorer.html").data
    text = (tmp_path / "explorer.html").read_text(encoding="utf-8")
    data = json.loads(text.split('id="gan-edu-state">')[1].split("</script>")[0])
    assert [walk["of"] for walk in data["walks"]] == [[0, 1], [0, 5], [2, 5]]
    assert data["shown"]["walk"]["of"] == [2, 5] and data["shown"]["plane"]["of"] == [2, 5, 2, 3]
    assert 'sandbox="allow-scripts"' in shown and "A walk from sample 2 to sample 5" in shown
    for k in range(4, 12):
        explorer.b = k
    assert len(explorer.walks) == 6


def test_the_core_is_one_module():
    from gan_edu.widgets.kit.scripts import bundle

    assert bundle("latent").count(" as default}") == 1


# ---------------------------------------------------------------- the trained generator that is shipped


def test_the_shipped_generator_draws_the_films_last_frame():
    from gan_edu.core.recording.recording import shipped

    gan, film = trained_textbook(), shipped("mnist_textbook")
    assert gan.step == film.steps[-1] and next(gan.generator.parameters()).dtype == torch.float32
    shown = torch.from_numpy(film.tiles(-1)).float() / 127.5 - 1
    assert (gan.generate(gan.latents(64)) - shown).abs().mean() < 0.05  # WebP and float16 both lose a little


def test_a_missing_or_damaged_generator_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(mnist_gan, "SHIPPED", tmp_path)
    with pytest.raises(FileNotFoundError, match="is missing: install gan_edu anew"):
        trained_textbook()
    from gan_edu.recordings.recipes import store_generator

    folder = store_generator(textbook(), tmp_path / "mnist_textbook_generator")
    assert (folder / "generator.pt").stat().st_size < 1_300_000 and trained_textbook().step == 0
    (folder / "generator.pt").write_bytes(b"x" + (folder / "generator.pt").read_bytes()[1:])
    with pytest.raises(OSError, match="damaged"):
        trained_textbook()
