"""The replay's Python: what it accepts, what it sends, what it leaves in a saved notebook."""

import base64
import io
import re
import subprocess
import sys
from html import unescape

import numpy as np
import pytest
from helpers.small_recording import recording
from PIL import Image
from traitlets import TraitError

from gan_edu.core.recording.recording import Recording
from gan_edu.widgets import Replay, compare


@pytest.fixture(scope="module")
def run():
    return recording()


@pytest.mark.parametrize(
    "given, error, words",
    [
        ((), ValueError, "1 to 5 recordings, got 0"),
        (("mnist_textbook",), TypeError, "got str"),
        (([],), TypeError, "got list"),
        ((None,), TypeError, "got NoneType"),
    ],
)
def test_what_is_no_recording_is_refused(given, error, words):
    with pytest.raises(error, match=words):
        Replay(*given)


def test_a_mixed_list_and_too_many_are_refused(run):
    with pytest.raises(TypeError, match="Recording objects, got int"):
        Replay(run, 3)
    with pytest.raises(ValueError, match="1 to 5 recordings, got 6"):
        compare(*[run] * 6)
    with pytest.raises(ValueError, match="at least 2 recordings, got 1"):
        compare(run)


def test_an_empty_recording_is_refused(run):
    empty = Recording.__new__(Recording)
    empty.meta = {**run.meta, "frames": {"step": []}}
    with pytest.raises(ValueError, match="'Run' has no frames"):
        Replay(empty)


@pytest.mark.parametrize("frame", [6, 200, -1])
def test_a_frame_that_does_not_exist_is_refused(run, frame):
    with pytest.raises(TraitError, match=f"frame must be (between 0 and 5|a whole number ≥ 0), got {frame}"):
        Replay(run, frame=frame)
    replay = Replay(run, frame=2)
    with pytest.raises(TraitError, match=f"frame must be (between 0 and 5|a whole number ≥ 0), got {frame}"):
        replay.frame = frame
    assert replay.frame == 2


def test_speeds_are_those_of_the_button(run):
    assert [Replay(run, speed=s).speed for s in (0.5, 1, 2, 4)] == [0.5, 1, 2, 4]
    with pytest.raises(TraitError):
        Replay(run, speed=3)


def test_numbers_are_unfolded_for_one_run_and_folded_for_several(run):
    both = run, recording("Other")
    assert Replay(run).numbers and not Replay(run, numbers=False).numbers
    assert not compare(*both).numbers and compare(*both, numbers=True).numbers
    assert Replay(run, numbers=False).page_state()["numbers"] is False


def test_a_comparison_slides_over_all_steps(run):
    other = recording("Other", steps=(0, 7, 2000))
    both = compare(run, other, frame=7)
    assert both.steps == [0, 1, 5, 7, 50, 500, 1000, 2000]
    assert both.recordings == (run, other)
    with pytest.raises(TraitError, match="between 0 and 7"):
        both.frame = 8


def needs_a_way_out(replay):
    if getattr(replay.comm, "kernel", True) is None:
        pytest.skip("ipywidgets 7 sends nothing where there is no kernel")


def test_a_frame_travels_without_the_bytes(run):
    """The pictures are sent once: moving the slider sends a number."""
    replay, sent = Replay(run), []
    needs_a_way_out(replay)
    replay._send = lambda message, buffers=None: sent.append((message, buffers))
    replay.set_state({"frame": 3})  # as the browser tells it
    replay.frame = 4
    assert replay.frame == 4
    assert sent
    for message, buffers in sent:
        assert set(message["state"]) <= {"frame"}
        assert not buffers


def test_a_run_that_grows_is_sent_as_one_message(run):
    longer = recording(steps=(0, 1, 5, 50, 500, 1000, 1500))
    replay, sent = Replay(run, frame=5), []
    needs_a_way_out(replay)
    replay._send = lambda message, buffers=None: sent.append(message)
    replay.update(longer)
    assert len(sent) == 1
    assert {"metas", "atlases"} <= {*sent[0]["state"], *(path[0] for path in sent[0]["buffer_paths"])}
    replay.frame = 6
    with pytest.raises(TypeError, match="got str"):
        replay.update("x")


def test_a_run_that_shrinks_pulls_the_frame_in(run):
    replay = Replay(run, frame=5)
    replay.update(recording(steps=(0, 1, 5)))
    assert replay.frame == 2


# ---------------------------------------------------------------- what a saved notebook keeps


def test_a_saved_notebook_keeps_view_picture_and_words(run):
    data, metadata = Replay(run)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.width > 600
    assert metadata["image/png"]["alt"] == Replay(run).alt
    assert data["text/plain"] == "Replay(Run; 6 frames)"


def test_a_closed_replay_shows_nothing(run):
    replay = Replay(run)
    replay.close()
    show = getattr(replay, "_repr_mimebundle_", None)  # ipywidgets 8 takes it away, 7 leaves it
    assert show is None or show() is None


def test_alt_text_says_what_is_seen(run):
    assert Replay(run).alt == (
        "Run: grids of generated samples from 6 recorded frames, step 0 to epoch 10, final FID 50."
    )
    assert Replay(recording(fid=False, steps=(0,))).alt == (
        "Run: grids of generated samples from 1 recorded frame, step 0 to step 0."
    )
    assert Replay(recording(per_epoch=None)).alt.endswith("step 0 to step 1,000, final FID 50.")
    assert compare(run, recording("Other")).alt.count("grids of generated samples") == 2


@pytest.mark.parametrize("channels", [1, 3])
def test_the_sheet_stays_small_whatever_the_noise(channels):
    long = recording(steps=range(0, 4000, 100), noise=True, channels=channels)
    sheet = Replay(long).to_png()
    assert len(sheet.data) <= 100_000
    assert sheet.alt == "Run: grids of generated samples from 40 recorded frames, step 0 to epoch 39, final FID 7.5."


def test_the_sheet_shows_the_frames_it_names(run):
    sheet = np.asarray(Image.open(io.BytesIO(Replay(run).to_png(columns=3).data)).convert("L"))
    assert sheet.shape[1] == 3 * 236 + 12
    for k in range(6):  # two rows of three
        x, y = 12 + k % 3 * 236 + 112, (34 + 112) if k < 3 else (34 + 262 + 6 + 112)
        assert sheet[y, x] == pytest.approx(np.asarray(run.frame(k))[112, 112], abs=20)


def test_a_comparison_has_a_row_for_each_run(run):
    late = recording(steps=(1000, 2000))  # black, then grey, where the other run has long been light
    two, three = (
        np.asarray(Image.open(io.BytesIO(compare(*runs).to_png().data)).convert("L"))
        for runs in ((run, late), (run, late, run))
    )
    row = len(two) // 2
    assert len(three) == pytest.approx(3 * row, abs=2)
    at = two.shape[1] - 60  # in the last of the moments, step 2000
    shades = [int(sheet[top + row // 2, at]) for sheet, top in ((two, 0), (two, row), (three, 2 * row))]
    assert shades == pytest.approx([212, 127, 212], abs=12)


# ---------------------------------------------------------------- the page without a kernel


def test_the_iframe_holds_everything_escaped(run, tmp_path):
    evil = recording(title="""</script><b>"'&""")
    shown = Replay(evil, frame=2).to_html(tmp_path / "page.html")._repr_html_()
    page = unescape(re.search(r'srcdoc="([^"]*)"', shown)[1])
    assert page == (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.lower().count("</script>") == 2  # its own two
    assert '"frame": 2' in page
    assert base64.b64encode(evil.atlas).decode() in page
    assert shown.count("<iframe") == 1
    assert "title=" in shown
    assert 'sandbox="allow-scripts"' in shown


def test_it_loads_no_torch():
    code = (
        "import sys, gan_edu.widgets; assert 'anywidget' not in sys.modules; gan_edu.widgets.Replay; "
        "gan_edu.widgets.compare; assert 'torch' not in sys.modules and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_name_that_does_not_exist_is_told():
    import gan_edu.widgets

    with pytest.raises(AttributeError, match="it has .*Replay"):
        gan_edu.widgets.Repaly  # noqa: B018
