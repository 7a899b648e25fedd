"""The roofline in Python: predictions counted by hand, files of machines, words, picture, page, what is refused."""

import io
import json
import math

import numpy as np
import pytest
import traitlets
from helpers.pixels import only_so
from helpers.small_machines import FAST, HALF, SHEET, SLOW, TIMED, machines, stored
from PIL import Image

from gan_edu.core.measures.step_cost import Machine, fitted
from gan_edu.core.measures.stored_machines import step, stored_machines
from gan_edu.widgets import Roofline
from gan_edu.widgets.roofline.texts import amount, percent, time

OWN = Machine(8.1e10, 1.3e10, 1.8e-3)


@pytest.fixture
def path(tmp_path):
    return stored(tmp_path)


# ---------------------------------------------------------------- what it predicts


def test_operations_are_those_of_all_products_counted_one_by_one():
    """D's turn: G forward, D on real and fake there and back. G's turn: D there and back to its input, G back."""
    w, batch = 32, 5
    g, d = [(100, w), (w, w), (w, 784)], [(784, w), (w, w), (w, 1)]
    there = lambda layers, n: sum(2 * n * a * b for a, b in layers)  # noqa: E731
    back = lambda layers, n: there(layers, n) - 2 * n * layers[0][0] * layers[0][1]  # noqa: E731
    d_turn = there(g, batch) + there(d, 2 * batch) + there(d, 2 * batch) + back(d, 2 * batch)
    g_turn = there(d, batch) + there(d, batch) + there(g, batch) + back(g, batch)
    assert step(w, batch).operations == d_turn + g_turn


def test_a_step_takes_the_sum_of_its_parts(path):
    control = Roofline(OWN, width=256, batch=32, source=path)
    work = step(256, 32)
    parts = work.operations / 8.1e10, work.bytes / 1.3e10, 1.8e-3
    assert control.work == work and control.seconds == pytest.approx(sum(parts), rel=1e-12)
    assert control.of_the_roof == pytest.approx(max(parts[:2]) / sum(parts), rel=1e-12)
    reached = min(8.1e10, 1.3e10 * work.intensity)
    assert control.of_the_roof == pytest.approx(work.operations / control.seconds / reached, rel=1e-12)


@pytest.mark.parametrize("width, batch, share", [(4096, 4096, 0.98), (4096, 1, 0.95), (16, 1, 0.05)])
def test_products_memory_or_overhead_set_the_pace(path, width, batch, share):
    """Large and large: products. Wide with one sample: memory. Small: neither."""
    control = Roofline(Machine(**SLOW), width=width, batch=batch, source=path)
    parts = control.shown[1].parts(control.work)
    largest = max(parts, key=parts.get)
    assert (
        largest == {(4096, 4096): "products", (4096, 1): "memory", (16, 1): "overhead"}[width, batch]
        and abs(control.of_the_roof - share) < 0.03
    )


def test_a_fitted_machine_is_the_first_to_choose_from(path):
    works = [step(width, batch) for width in (64, 256, 1024) for batch in (8, 64, 512)]
    machine = fitted(works, [OWN.seconds(work) for work in works])
    control = Roofline(machine, source=path)
    assert control.chosen == control.machines[0]["name"] == "your machine"
    assert [each["name"] for each in control.machines[1:]] == [each["name"] for each in machines()]
    assert control.seconds == pytest.approx(OWN.seconds(step(512, 64)), rel=1e-6)


def test_a_precision_has_a_machine_of_its_own(path):
    both = {"float32": OWN, "bfloat16": Machine(**HALF)}
    for precision, machine in both.items():
        control = Roofline(both, precision=precision, source=path)
        assert control.seconds == pytest.approx(machine.seconds(step(512, 64, precision)), rel=1e-12)


def test_the_first_machine_that_has_the_precision_is_chosen(path):
    assert Roofline(source=path).chosen == "one thread"
    assert Roofline(precision="bfloat16", source=path).chosen == "two threads"
    assert Roofline(OWN, precision="bfloat16", source=path).chosen == "two threads"
    assert Roofline(source=path, chosen="a graphics card").shown == ("float32", Machine(**SHEET))


def test_where_a_precision_is_missing_later_the_other_is_shown(path):
    control = Roofline(precision="bfloat16", source=path)
    control.chosen = "one thread"
    assert control.shown == ("float32", Machine(**SLOW)) and control.work == step(512, 64)
    control.chosen = "halves only"
    control.precision = "float32"
    assert control.shown == ("bfloat16", Machine(**HALF))


# ---------------------------------------------------------------- files of machines


def test_the_shipped_machines_are_read():
    found = stored_machines()
    assert len(found) >= 1 and all(any(each.of.values()) for each in found)
    Roofline()


def test_a_file_of_machines_is_read(path):
    one, two, sheet, halves = stored_machines(path)
    assert one.of == {"float32": Machine(**SLOW), "bfloat16": None} and one.dots == TIMED[:4]
    assert two.of == {"float32": Machine(**FAST), "bfloat16": Machine(**HALF)} and two.source == "measured"
    assert sheet.source == "data sheet" and halves.of["float32"] is None


def broken(change):
    found = machines()
    change(found)
    return found


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda all_: all_.clear(), "machines holds none"),
        (lambda all_: all_[0].pop("name"), "machines, place 0 lacks name"),
        (lambda all_: all_[1].update(name="one thread"), "two of the name 'one thread'"),
        (lambda all_: all_[0].update({"from": "hearsay"}), "from must be one of measured, data sheet, got 'hearsay'"),
        (lambda all_: all_[0]["machine"].pop("bfloat16"), "machine lacks bfloat16"),
        (lambda all_: all_[0]["machine"].update(float32=None), "has numbers for no precision"),
        (lambda all_: all_[0]["machine"].update(float32={**SLOW, "bandwidth": 0}), "float32: bandwidth must be"),
        (lambda all_: all_[0]["machine"].update(float32={**SLOW, "overhead": -1}), "float32: overhead must be"),
        (lambda all_: all_[0].update(dots=[{"width": 8}]), "dots, place 0 lacks batch, precision, ms"),
        (lambda all_: all_[0].update(dots=[{**TIMED[0], "ms": 0}]), "dots, place 0: ms must be a finite number > 0"),
        (lambda all_: all_[0].update(dots=[{**TIMED[0], "precision": "half"}]), "precision must be one of"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_file_that_is_wrong_is_refused(tmp_path, change, words):
    path = stored(tmp_path, broken(change))
    with pytest.raises(ValueError, match=words) as seen:
        Roofline(source=path)
    assert str(path) in str(seen.value)


def test_a_file_that_is_missing_or_no_json_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="there are no machines at .*nothing.json: "):
        Roofline(source=tmp_path / "nothing.json")
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(ValueError, match="does not hold machines"):
        Roofline(source=tmp_path / "a.json")


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "state, words",
    [
        ({"width": 15}, "width must be a whole number from 16 to 4,096, got 15"),
        ({"width": 4097}, "width"),
        ({"width": 64.0}, "width"),
        ({"batch": 0}, "batch must be a whole number from 1 to 4,096, got 0"),
        ({"batch": 4097}, "batch"),
        ({"chosen": "abacus"}, "chosen must be one of one thread, two threads, .*, got 'abacus'"),
    ],
    ids=str,
)
def test_what_lies_outside_is_refused(path, state, words):
    with pytest.raises(traitlets.TraitError, match=words):
        Roofline(source=path, **state)
    control = Roofline(source=path)
    with pytest.raises(traitlets.TraitError, match=words):
        control.set_trait(*next(iter(state.items())))
    assert (control.width, control.batch, control.chosen) == (512, 64, "one thread")


@pytest.mark.parametrize(
    "state, words",
    [
        ({"precision": "float64"}, "precision must be one of float32, bfloat16, got 'float64'"),
        (
            {"precision": "bfloat16", "chosen": "one thread"},
            "bfloat16 was not measured on one thread; measured on: two",
        ),
        ({"precision": "float32", "chosen": "halves only"}, "float32 was not measured on halves only"),
        ({"machine": 3}, "machine must be a Machine, or one for each precision"),
        ({"machine": {"float64": OWN}}, "machine must be a Machine, or one for each precision, float32, bfloat16"),
        ({"machine": {}}, "machine has numbers for no precision"),
        ({"machine": {"float32": None}}, "machine has numbers for no precision"),
        ({"dots": 3}, "dots must be a list or tuple"),
        ({"dots": [{**TIMED[0], "ms": math.nan}]}, "dots, place 0: ms must be a finite number > 0, got nan"),
        ({"dots": [{**TIMED[0], "width": 0}]}, "dots, place 0: width"),
        ({"dots": [(512, 64, 25.0)]}, "dots, place 0 must be a table"),
    ],
    ids=str,
)
def test_a_wrong_machine_or_dot_is_refused(path, state, words):
    with pytest.raises(ValueError, match=words):
        Roofline(**{"source": path, **state})


def test_a_machine_of_another_kind_is_refused(path):
    with pytest.raises(TypeError, match=r"machine\['float32'\] must be a .*Machine, got dict"):
        Roofline({"float32": SLOW}, source=path)


# ---------------------------------------------------------------- words, picture, page


def test_numbers_have_three_digits_and_a_prefix():
    assert [amount(x) for x in (0, 12, 999.6, 845_043_712, 6.2e10)] == [
        "0",
        "12",
        "1\u00a0k",
        "845\u00a0M",
        "62\u00a0G",
    ]
    assert [time(x) for x in (1e-7, 0.0236, 1.5, 12.34)] == [
        "<\u00a00.001\u00a0ms",
        "23.6\u00a0ms",
        "1500\u00a0ms",
        "12.3\u00a0s",
    ]
    assert [percent(x) for x in (0.004, 0.584, 1)] == ["0.4\u00a0%", "58\u00a0%", "100\u00a0%"]


def test_its_words_say_what_is_seen(path):
    told = Roofline(source=path).alt.replace("\u00a0", " ")
    for words in ("one thread in float32", "width 512 with a batch of 64", "845 M operations", "23.6 ms"):
        assert words in told
    assert "products 58 %, memory 30 %, overhead 12 %. It reaches 58 % of the roof." in told
    bound = Roofline(source=path, chosen="a graphics card").alt.replace("\u00a0", " ")
    assert bound.startswith("Roofline of a graphics card (data sheet) in float32") and "takes ≥ " in bound
    assert repr(Roofline(source=path)) == "Roofline(width=512, batch=64, precision='float32'; one thread)"


def test_a_saved_notebook_keeps_a_small_picture(path):
    control = Roofline(OWN, dots=TIMED, source=path)
    assert len(control.picture()) < 40_000
    data, about = control._repr_mimebundle_()
    assert about["image/png"]["alt"] == control.alt and data["text/plain"] == repr(control)


def test_its_picture_rises_to_the_right_and_then_is_flat(tmp_path):
    path = stored(tmp_path, [{**machines()[0], "dots": []}])
    seen = np.asarray(Image.open(io.BytesIO(Roofline(width=16, batch=1, source=path).picture())).convert("L"), int)

    def rises(picture):
        ink = picture[20:-60, 80:-10] < 70
        heights = [column.argmax() for column in ink.T if column.any()]
        count = len(heights)
        assert count > 300 and heights[0] - heights[count // 3] > 40
        assert abs(heights[count // 2] - heights[-1]) < 4 and abs(heights[count * 3 // 4] - heights[-1]) < 4

    only_so(rises, seen, "mirrored", "upside down")


def test_a_page_holds_all_of_it_and_a_link_may_set_it(path):
    content = Roofline(OWN, dots=TIMED, source=path).page_content()
    assert json.dumps(content) and content["machines"][0]["of"]["float32"]["throughput"] == 8.1e10
    shared = content["shared"]
    assert set(shared) >= {"chosen", "width", "batch", "precision"} and shared["chosen"]["of"][0] == "your machine"
    assert (shared["width"]["least"], shared["batch"]["most"]) == (16, 4096)
