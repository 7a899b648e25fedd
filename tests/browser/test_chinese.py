"""Controls in Chinese: labels, numbers, the page's language, and nothing left in English."""

import copy
import json
import re
from functools import partial
from itertools import chain

import pytest
from helpers import small_few
from helpers.controls import EXAMPLES
from helpers.lab import rooted, settle
from helpers.live_page import deliver, page_of, record, whole_of
from helpers.look import OUTSIDE
from helpers.small_recipes import INGREDIENTS
from helpers.synthetic import recording

from gan_edu import set_language
from gan_edu.core.measures.stored_machines import stored_machines
from gan_edu.core.notebook.words import FOLDER
from gan_edu.core.recording.recording import Recording, checksum, shipped
from gan_edu.losses import LOSSES
from gan_edu.widgets import Replay, compare
from gan_edu.widgets.secret_message.widget import EXAMPLE

pytestmark = pytest.mark.browser

# What is seen, each text by itself, and what screen readers and pointers are told.
TEXTS = """() => {
  const found = [document.title];
  for (const node of root().querySelectorAll("*:not(style)")) {
    if (node.closest("[hidden]")) continue;
    found.push(...[...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data));
    for (const name of ["aria-label", "aria-valuetext", "title"]) found.push(node.getAttribute(name) ?? "");
  }
  return found.map((text) => text.trim()).filter(Boolean);
}"""
SENTENCE = re.compile(r"[^\W\d_]{2,}[,;:]? [^\W\d_]{2,}", re.ASCII)
KEYS = {"PgUp PgDn", "Home End"}  # what stands on them
HAN = re.compile("[\u4e00-\u9fff]")
HANDED = {  # to the examples: names and titles; and a formula that looks like words
    *LOSSES,
    *(words for pair in INGREDIENTS.values() for words in pair),
    *(label for label, *_ in small_few.METHODS.values()),
    "RMS of pixels",
    "An example",
    "How many?",
    "two points",
    "distance",
    "needy",
    "share",
    "my own",
    EXAMPLE,
    "ring of 8",
    "the same 256 latents at every frame · recorded, seed 0",
    "d/dx log D*",
    *(cut for each in stored_machines() for cut in (each.name, each.name[:41])),
}


@pytest.fixture
def chinese(monkeypatch):
    monkeypatch.setenv("GAN_EDU_LANG", "en")  # and back at the end
    set_language("zh")


@pytest.fixture(scope="module")
def run():
    return recording(count=20, epochs=10)


@pytest.fixture
def opened(new_page, tmp_path):
    """opened(replay, **context): its page, drawn."""

    def make(replay, **context):
        replay.to_html(tmp_path / "page.html")
        page = new_page(**{"viewport": {"width": 1100, "height": 900}, **context})
        page.goto((tmp_path / "page.html").as_uri())
        return settle(rooted(page))

    return make


def edited(run, change):
    meta = copy.deepcopy(run.meta)
    change(meta)
    return Recording({**meta, "checksum": checksum(meta)}, atlas=run.atlas)


def texts(page, *metas, own=()):
    """All that a page says but what the recordings say themselves, their titles, and what else it was handed."""
    own = sorted({*own, *(meta[name] for meta in metas for name in ("title", "subtitle"))}, key=len, reverse=True)
    found = settle(page).evaluate(TEXTS)
    for each in own:
        found = [text.replace(each, "") for text in found]
    return {text.strip() for text in found} - KEYS


def plain(language, sections):
    """The texts of the catalogue that have no places."""
    known = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    values = chain.from_iterable(known[section].values() for section in ("kit", *sections))
    return {text for text in values if isinstance(text, str) and "{" not in text and len(text) > 1}


def english(found, sections=("replay", "live")):
    """What of these texts is English: two words in a row, or a text of the English catalogue's sections."""
    same = plain("zh", sections)
    return sorted({text for text in found if SENTENCE.search(text)} | found & (plain("en", sections) - same))


def go(page, frame):
    page.locator("input[type=range]").evaluate(
        "(slider, k) => { slider.value = k; slider.dispatchEvent(new Event('input')); }", frame
    )


def test_the_finder_sees_english(opened, run):
    found = english(texts(opened(Replay(run)), run.meta))
    assert len(found) > 25 and {"point at a sample", "Play", "loss of D", "frame of the recording"} <= set(found)


def test_a_replay_is_in_chinese(chinese, opened, run):
    page = opened(Replay(run, frame=19))
    assert page.locator("html").get_attribute("lang") == "zh"
    assert page.get_by_role("button", name="播放", exact=True).is_visible()
    assert (
        page.get_by_label("录像的帧")
        .get_attribute("aria-valuetext")
        .startswith("第 10 轮 共 10 轮，第 9,370 步，D 的损失 0.")
    )
    assert page.locator(".big").inner_text() == "第 10 轮"
    assert page.locator(".note").inner_text() == "第 9,370 步的 10,000 个样本"
    assert page.locator(".chart .legend b").all_inner_texts() == ["损失", "D 的均值", "FID"]
    assert "第 0 轮" in page.locator(".plot text").all_text_contents()


@pytest.mark.parametrize("frame", [0, 2, 19])
def test_nothing_of_a_replay_is_left_in_english(chinese, opened, run, frame):
    page = opened(Replay(run, frame=frame))
    found = texts(page, run.meta)
    page.get_by_role("switch").click()
    found |= texts(page, run.meta)
    page.locator("canvas").hover(position={"x": 9, "y": 9})
    found |= texts(page, run.meta)
    page.get_by_role("button", name="播放", exact=True).click()
    page.get_by_role("button", name="暂停", exact=True).click()
    page.wait_for_function("root().querySelector('.live').textContent")
    found |= texts(page, run.meta)
    assert len(found) > 50 and english(found) == []


def test_nor_of_one_that_has_lost_its_numbers(chinese, opened, run):
    def lose(meta):
        meta["curves"]["d_loss"][-50:] = [None] * 50
        meta["curves"]["g_loss"][0] = 90.0  # the axis is cut off below it
        meta["frames"]["logits"][19][:3] = [None] * 3
        meta["frames"]["scores"][19] = {"fid": None, "confidence": None, "histogram": [None] * 10}

    page = opened(Replay(edited(run, lose), frame=19, verdict=True), reduced_motion="reduce")
    found = texts(page, run.meta)
    page.locator("canvas").hover(position={"x": 9, "y": 9})
    found |= texts(page, run.meta)
    assert {"不是数", "逐帧"} <= found and any("截断" in text for text in found) and english(found) == []


@pytest.mark.parametrize("equal_time", [False, True])
def test_nor_of_runs_beside_each_other(chinese, opened, run, equal_time):
    def counted(meta):
        meta.update({"steps_of": run.meta["title"]} if equal_time else {})

    late = edited(recording("Late", steps=(1000, 1500)), counted)
    page = opened(compare(run, late))
    found = set()
    for frame in (0, 12, 21):
        go(page, frame)
        found |= texts(page, run.meta, late.meta)
    assert "尚未开始" in found and "从第 1,000 步开始" in found and english(found) == []


def test_chinese_stays_within_the_page(chinese, opened, run):
    for replay in (Replay(run), compare(run, run)):
        page = opened(replay, viewport={"width": 320, "height": 900})
        for width in (320, 700, 1000):
            page.set_viewport_size({"width": width, "height": 900})
            settle(settle(page))
            assert page.evaluate(OUTSIDE) == [] and page.evaluate("document.documentElement.scrollWidth") <= width


def test_nor_of_a_live_view(chinese, new_page):
    opening, messages, live = record()
    whole, words = whole_of(live), live.words
    live.close()
    assert words["lang"] == "zh"
    found = set()
    for phase in ("ready", "training", "paused", "failed"):
        for inline in (False, True):
            film = copy.deepcopy(whole)
            film["status"] |= {"phase": phase, "inline": inline, "rate": 7.5}
            found |= texts(page_of(new_page, film, words=words), film["meta"])
    page = page_of(new_page, opening, words=words)
    deliver(page, *messages)
    page.locator(".reset").click()
    found |= texts(page, whole["meta"])
    said = {"确定重置？", "训练中", "7.5 步/秒", "调高D 的学习率", "1 是最小值"}
    assert said <= found, said - found
    assert {text for text in found if text.startswith("暂停于第 60 步")} and english(found) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_nor_of_any_control(chinese, opened, name):
    """Each of its switches, tabs and choices is tried."""
    control = EXAMPLES[name]()
    page = opened(control)
    said = partial(texts, page, *(shipped(run).meta for run in ("mnist_textbook", "plane/ring")), own=HANDED)
    found = said()
    for each in page.get_by_role("switch").or_(page.get_by_role("tab")).all():
        each.click()
        found |= said()
    for select in page.locator("select:visible").all():
        for at in range(select.locator("option").count()):
            select.select_option(index=at)
            found |= said()
    sections = {control.folder, *control.sections}
    control.close()
    assert page.locator("html").get_attribute("lang") == "zh"
    assert english(found, sections) == [] and len([text for text in found if HAN.search(text)]) > 4
