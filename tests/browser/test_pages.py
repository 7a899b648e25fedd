"""The pages of `make pages`, opened as files with the network cut off: replays that move, formulas, links, pictures."""

import re

import nbformat
import pytest
import web_pages as pages
from course_files import code, notebooks
from helpers.lab import eventually
from helpers.look import CONTRAST
from helpers.synthetic import recording
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from notebook_files import read
from playwright.sync_api import expect
from web_pages import ROOT
from web_text import math

from gan_edu.core.recording.recording import shipped, shipped_names
from gan_edu.losses import LOSSES
from gan_edu.widgets import LossExplorer, Replay

FIRST = """# 00 · One

Text with $x \\sim \\mathcal N(0, I)$ and [the next](01_two.ipynb#More), [code](../gan_edu/losses.py).

$$\\min_G \\max_D\\; \\mathbb E_x[\\log D(x)] < \\tfrac12$$

```python
def f(x):
    return "$not math$"
```

<details><summary>Hint</summary>

Folded, with **bold** text and $y$.

</details>
"""
HERE = f"import sys\nsys.path.insert(0, {str(ROOT / 'tests')!r})\n"
SHIPPED = """from gan_edu.core.recording.recording import shipped, shipped_names
from gan_edu.widgets import Replay
Replay(shipped(shipped_names()[0]))"""
RUN = (
    HERE
    + """from helpers.synthetic import recording
from gan_edu.core.notebook import pace
Replay(recording(pace(test="Begun", lesson="My own", full="My own"), count=6, epochs=2))"""
)
EXPLORED = """from gan_edu.losses import LOSSES
from gan_edu.widgets import LossExplorer
LossExplorer(LOSSES)"""


def stored(replay):
    """What a notebook keeps of a replay after its lesson."""
    data, metadata = replay._repr_mimebundle_()
    return new_output(
        "execute_result",
        {mime: data[mime] for mime in ("image/png", "text/plain")},
        metadata={"image/png": metadata["image/png"]},
        execution_count=1,
    )


@pytest.fixture(scope="module")
def film():
    return shipped(shipped_names()[0])


@pytest.fixture(scope="module")
def folder(tmp_path_factory, film):
    """Pages of a course of two notebooks: a shipped recording, a run, a control, a picture, printed text."""
    root = tmp_path_factory.mktemp("course")
    (root / "notebooks").mkdir()
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    picture = new_output(
        "display_data",
        {"image/png": stored(Replay(film)).data["image/png"]},
        metadata={"image/png": {"alt": 'curves that "cross"'}},
    )
    one = new_notebook(
        cells=[
            new_markdown_cell(FIRST),
            new_code_cell("install = 1", metadata={"tags": ["colab"]}),
            new_code_cell(SHIPPED, outputs=[stored(Replay(film)), picture]),
            new_code_cell(RUN, outputs=[stored(Replay(recording("My own", count=6, epochs=2)))]),
            new_code_cell(EXPLORED, outputs=[stored(LossExplorer(LOSSES))]),
            new_code_cell("print(1)  # a comment", outputs=[new_output("stream", name="stdout", text="a < b " * 60)]),
        ]
    )
    two = new_notebook(cells=[new_markdown_cell("# 01 · Two & more\n\n[back](00_one.ipynb)\n\n## More")])
    for name, book in (("00_one", one), ("01_two", two)):
        nbformat.write(book, root / "notebooks" / f"{name}.ipynb")
    pages.build(root, root / "pages")
    return root / "pages"


@pytest.fixture
def opened(new_page, folder):
    def make(name="00_one", **context):
        page = new_page(**context)
        page.goto((folder / f"{name}.html").as_uri())
        return page

    return make


def test_a_shipped_replay_is_alive_and_its_slider_moves_it(opened, film):
    page = opened()
    inside = page.frame_locator("iframe").first
    inside.locator(".message").wait_for(state="hidden")
    slider = inside.get_by_label("frame of the recording")
    before = inside.locator("canvas").first.screenshot()
    slider.press("End")
    assert slider.input_value() == str(len(film) - 1)
    eventually(lambda: inside.locator("canvas").first.screenshot() != before, True)  # a frame draws when it can
    inside.get_by_role("button", name="Play").click()
    inside.get_by_role("button", name="Pause").wait_for()


def test_a_control_that_runs_in_the_browser_alone_is_alive(opened):
    page = opened()
    frame = page.locator("iframe").nth(1)
    assert frame.get_attribute("title").endswith(LossExplorer(LOSSES).alt)
    inside = frame.content_frame
    slider = inside.get_by_role("slider").first
    before = slider.input_value()
    slider.press("ArrowRight")
    assert slider.input_value() != before


def test_a_run_that_must_train_first_leaves_its_picture_with_its_words(opened):
    page = opened()
    assert page.locator("iframe").count() == 2
    assert page.get_by_role("img", name="My own: grids of generated samples").count() == 1
    assert page.get_by_role("img", name='curves that "cross"').count() == 1
    assert all(page.locator("img").evaluate_all("all => all.map((img) => img.alt && img.naturalWidth > 0)"))


def test_formulas_are_drawn_by_the_browser(opened):
    page = opened()
    assert page.locator("math").count() == 3
    assert page.locator("math[display=block]").text_content().startswith("minG")
    for limit in page.locator("math[display=block] munder").all():  # G and D stand below min and max
        word, letter = (limit.locator(f":scope > *:nth-child({n})").bounding_box() for n in (1, 2))
        assert letter["y"] > word["y"] + word["height"] / 2 and abs(middle(letter) - middle(word)) < 3
    assert page.locator("math[display=block] munder").count() == 2
    assert page.locator("math").first.evaluate("(m) => m.getBoundingClientRect().width") > 40
    text = page.locator("main").inner_text()
    assert "\\" not in text and text.count("$") == 2  # those in the code
    assert "𝒩" in text and "𝔼" in text


def middle(box):
    return box["x"] + box["width"] / 2


def test_links_lead_to_pages_and_files_to_the_repository(opened):
    page = opened()
    assert page.get_by_role("link", name="code").get_attribute("href").endswith("/blob/main/gan_edu/losses.py")
    page.get_by_role("link", name="the next").click()
    page.wait_for_url("**/01_two.html#More")
    assert page.locator(":target").inner_text().startswith("More")
    page.get_by_role("link", name="Back: 00 · One").first.click()
    page.wait_for_url(re.compile(r"/00_one\.html"))  # a link of the same name stands on the page that is left
    page.get_by_role("link", name="Next: 01 · Two & more").last.press("Enter")  # a frame above it may still grow
    page.wait_for_url(re.compile(r"/01_two\.html"))
    page.get_by_role("link", name="All chapters").click()
    page.wait_for_url("**/index.html")
    expect(page.locator(".chapters img")).to_have_count(1)
    assert page.locator(".chapters img").get_attribute("alt")
    page.get_by_role("link", name="01 · Two & more").click()
    page.wait_for_url(re.compile(r"/01_two\.html"))
    assert page.title() == "01 · Two & more"


def test_what_helps_only_where_there_is_a_kernel_is_left_out(opened):
    assert "install()" not in opened().content()


def test_a_hint_unfolds(opened):
    page = opened()
    assert not page.get_by_text("Folded, with").is_visible()
    page.get_by_text("Hint").click()
    assert page.get_by_text("Folded, with").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_read_on_a_telephone_and_at_night(opened, scheme):
    page = opened(color_scheme=scheme)
    for width in (360, 700, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = page.evaluate(CONTRAST.replace("root()", "document.body"))
    assert len(found) > 15
    assert min(found)[0] >= 4.5, sorted(found)[:5]


@pytest.mark.parametrize(
    "attempt, directive",
    [
        ("new Image().src = 'http://localhost:9/x.png'", "img-src"),
        (
            "document.head.append(Object.assign(document.createElement('base'), {href: 'http://localhost:9/'}))",
            "base-uri",
        ),
        (
            "document.body.append(Object.assign(document.createElement('form'), {action: 'http://localhost:9/'}));"
            "document.forms[0].submit()",
            "form-action",
        ),
    ],
)
def test_the_page_forbids_what_leaves_it(opened, attempt, directive):
    blocked = opened().evaluate(f"""() => new Promise((done) => {{
        addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
        {attempt}; setTimeout(() => done(null), 2000); }})""")
    assert blocked == directive


def test_every_page_of_the_project_has_this_policy():
    written = [*(ROOT / "gan_edu" / "widgets").rglob("*.py"), *(ROOT / "tools").rglob("*.html")]
    pages_ = [text for path in written if "<!doctype html>" in (text := path.read_text(encoding="utf-8"))]
    heads = [re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text) for text in pages_]
    assert sorted(head[1] if head else "" for head in heads) == [
        "$policy",
        "{POLICY}",
    ]  # each page is made by one of two


@pytest.mark.parametrize("formula", [r"\unknown x", r"a & b"])
def test_a_formula_that_would_not_be_drawn_is_refused(formula):
    with pytest.raises(ValueError, match="without a network"):
        math(formula, "inline")


def test_run_anew_every_control_is_alive(new_page, tmp_path):
    """A run of the reader's own is in no recording: only running it makes its replay."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    path = tmp_path / "notebooks" / "00_own.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Own"), new_code_cell(f"{SHIPPED}\n{RUN}")]), path)
    before = path.read_bytes()
    made, _ = pages.build(tmp_path, tmp_path / "pages", anew=True)
    assert path.read_bytes() == before  # the notebook itself is left alone
    page = new_page()
    page.goto(made[0].as_uri())
    inside = page.frame_locator("iframe")
    inside.get_by_label("frame of the recording").press("End")
    assert inside.locator("h3").inner_text() == "My own"


def test_chapters_without_training_make_pages_of_a_few_megabytes_with_every_control_alive(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for path in notebooks(ROOT)[1:3]:
        (tmp_path / "notebooks" / path.name).write_bytes(path.read_bytes())
    made, _ = pages.build(tmp_path, tmp_path / "pages")
    for path, page in zip(notebooks(tmp_path), made[:-1], strict=True):
        shown = [
            output.get("data", {}).get("text/plain", "") for _, cell in code(read(path)) for output in cell.outputs
        ]
        controls = [text for text in shown if re.match("(DensityPlayer|Saddle|LossExplorer)\\(", text)]
        guesses = [text for text in shown if text.startswith("Guess")]  # one whose answer is trained is a picture
        alive = page.read_text(encoding="utf-8").count("<iframe")
        assert 3 <= len(controls) <= alive <= len(controls) + len(guesses), path.name
        assert page.stat().st_size < 6e6, path.name
