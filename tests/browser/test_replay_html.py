"""What to_html writes: a page and an iframe that work from a file, with no kernel and no network."""

import base64
import io
import json

import numpy as np
import pytest
from helpers.lab import eventually
from helpers.synthetic import recording
from PIL import Image

from gan_edu.core.recording.recording import Recording, checksum
from gan_edu.widgets import Replay, compare

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def run():
    return recording(count=20, epochs=10)


@pytest.fixture
def opened(new_page, tmp_path):
    """opened(html text, **context): the page that shows it, from a file."""

    def make(text, **context):
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        page = new_page(**context)
        page.goto(path.as_uri())
        return page

    return make


def notebook(replay, **options):
    """A page with the iframe in it, as a notebook's output has it."""
    shown = replay.to_html(**options).data
    return f"<!doctype html><meta charset=utf-8><body style='margin:0'>{shown}<p id=after>after</p>"


def test_the_page_alone_works_from_a_file(new_page, tmp_path, run):
    path = tmp_path / "replay.html"
    Replay(run, frame=3, verdict=True, loop=True).to_html(path)
    page = new_page(viewport={"width": 560, "height": 900})
    page.goto(path.as_uri())
    page.locator(".message").wait_for(state="hidden")
    slider = page.get_by_label("frame of the recording")
    assert slider.input_value() == "3"
    assert page.get_by_role("switch").get_attribute("aria-checked") == "true"
    assert page.get_by_role("button", name="loop").get_attribute("aria-pressed") == "true"
    slider.press("End")
    page.get_by_text("epoch 10", exact=True).wait_for()
    page.get_by_role("switch").click()
    url = page.locator("canvas").evaluate("(c) => new Promise((d) => requestAnimationFrame(() => d(c.toDataURL())))")
    shown = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("L")
    drawn = shown.resize((224, 224), Image.Resampling.BOX)
    assert np.abs(np.asarray(drawn, float) - np.asarray(run.frame(19), float)).mean() < 12
    assert page.title() == run.meta["title"]


def test_the_iframe_is_sandboxed_and_still_works(opened, run):
    page = opened(notebook(Replay(run)))
    frame = page.locator("iframe")
    assert frame.get_attribute("sandbox") == "allow-scripts"
    assert frame.get_attribute("title") == f"Replay: {Replay(run).alt}"
    inside = page.frame_locator("iframe")
    inside.get_by_label("frame of the recording").press("PageUp")
    inside.locator(".message").wait_for(state="hidden")
    assert inside.get_by_label("frame of the recording").input_value() == "10"
    inside.get_by_role("button", name="Play").click()
    inside.get_by_role("button", name="Pause").wait_for()


@pytest.mark.parametrize("several", [False, True])
def test_the_iframe_takes_the_height_of_its_content(opened, run, several):
    page = opened(notebook(compare(run, run) if several else Replay(run)))
    for width in (1200, 700, 340):
        page.set_viewport_size({"width": width, "height": 700})
        outer, inner = page.locator("iframe"), page.frame_locator("iframe").locator("#replay")
        eventually(
            lambda outer=outer, inner=inner: abs(outer.bounding_box()["height"] - inner.bounding_box()["height"]) <= 2,
            True,
        )


def test_a_height_that_is_given_stays(opened, run):
    page = opened(notebook(Replay(run), height=300))
    page.wait_for_timeout(250)
    assert page.locator("iframe").bounding_box()["height"] == 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000


def test_no_text_of_a_recording_becomes_markup(opened, run):
    evil = """</script><script>parent.broken = 1</script><img src=x onerror="parent.broken=1">"'&amp;\u2028<!--"""
    meta = json.loads(json.dumps(run.meta))
    meta["title"] = meta["subtitle"] = meta["name"] = evil
    meta["log"] = [{"step": 1, "change": evil}]
    meta["checksum"] = checksum(meta)
    page = opened(notebook(Replay(Recording(meta, atlas=run.atlas))))
    inside = page.frame_locator("iframe")
    inside.locator(".message").wait_for(state="hidden")
    assert inside.locator("h3").text_content() == evil
    assert inside.locator("img").count() == 0
    assert page.locator("img").count() == 0
    assert page.evaluate("window.broken") is None
    assert page.locator("#after").count() == 1  # nothing broke out of the attribute


def test_the_page_itself_forbids_requests(new_page, tmp_path, run):
    path = tmp_path / "replay.html"
    Replay(run).to_html(path)
    page = new_page()
    page.goto(path.as_uri())
    blocked = page.evaluate("""() => new Promise((done) => {
        addEventListener("securitypolicyviolation", (event) => done(event.blockedURI));
        new Image().src = "http://localhost:9/x.png"; setTimeout(() => done(null), 2000); })""")
    assert blocked == "http://localhost:9/x.png"
    assert "http" not in path.read_text().replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
