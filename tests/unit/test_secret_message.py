"""The secret message in Python: films, keys, what is read, training in the background, words, picture, page, errors."""

import html
import json
import math
import signal
import threading

import numpy as np
import pytest
import torch
import traitlets
from helpers.controls import CIPHER, secret_message, sharpening
from helpers.lab import eventually
from helpers.pixels import picture_of

from gan_edu.core.data.ciphers import ALPHABET, keyword_key
from gan_edu.core.recording.records import WrongTrain
from gan_edu.core.safety.interrupts import Paused
from gan_edu.widgets import SecretMessage
from gan_edu.widgets.secret_message import training

MESSAGE = "meet me at the old bridge at midnight"


@pytest.fixture(autouse=True)
def threaded(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "thread")


class Steps:
    """A train(key) whose steps come when they are asked for; it remembers the keys."""

    def __init__(self, fails=None):
        self.keys, self.fails, self.go = [], fails, threading.Semaphore(0)

    def __call__(self, key):
        self.keys.append(key.tolist())
        for number, pair in enumerate(sharpening(key, range(0, 10_000, 100))):
            self.go.acquire()
            if number == self.fails:
                raise RuntimeError("no <b>luck</b>")
            yield pair

    def let(self, count=1):
        for _ in range(count):
            self.go.release()


def steps_of(control):
    return control.own.get("steps", [])


# ---------------------------------------------------------------- keys, films and what is read


def test_the_key_of_a_word_begins_with_its_letters_and_goes_on_from_the_last():
    alphabet = "".join(ALPHABET[k] for k in keyword_key("Zebra!").tolist())
    assert alphabet == "zebra" + "cdfghijklmnopqstuvwxy" + " "
    alphabet = "".join(ALPHABET[k] for k in keyword_key("hello you").tolist())
    assert alphabet == "helo yu" + "vwxz" + "abcdfgijkmnpqrst" and len(set(alphabet)) == 27
    with pytest.raises(ValueError, match="at least one letter"):
        keyword_key("漢 7")


def test_a_message_is_enciphered_and_read_letter_by_letter():
    control = secret_message()
    hidden = "".join(ALPHABET[CIPHER[ALPHABET.index(letter)]] for letter in MESSAGE)
    assert control.message == MESSAGE and control.enciphered() == hidden
    control.step = None
    truth = {ALPHABET[CIPHER[k]]: ALPHABET[k] for k in range(27)}
    wrong = {ALPHABET[5]: ALPHABET[ALPHABET.index(truth[ALPHABET[5]]) - 1]}  # as the stand-in has it
    assert control.deciphered() == "".join(wrong.get(c, truth[c]) for c in hidden)
    assert control.share() == pytest.approx(
        sum(a == b for a, b in zip(control.deciphered(), MESSAGE, strict=True)) / 37
    )
    control.step = 0  # a row that knows nothing reads its first letter
    assert set(control.deciphered()) <= {"a", ALPHABET[7], wrong[ALPHABET[5]]} and control.share() < 0.2
    for step, as_at in ((99, 0), (100, 100), (350, 300), (10**9, 400)):
        control.step = step
        read = control.deciphered()
        control.step = as_at
        assert control.deciphered() == read, step


def test_each_frame_is_kept_as_bytes():
    fractions = torch.rand(27, 27, generator=torch.Generator().manual_seed(0))
    whole = (255 * fractions).round().to(torch.uint8)
    given = [fractions, whole, whole.tolist(), whole.numpy(), fractions.double().requires_grad_()]
    for each in given:
        frames = SecretMessage([(3, each)], CIPHER).board["frames"]
        assert frames == whole.numpy().tobytes(), type(each)


@pytest.mark.parametrize("given", [CIPHER, CIPHER.tolist(), CIPHER.numpy(), "zebra", tuple(CIPHER)], ids=list("abcde"))
def test_a_key_may_be_any_list_or_a_word(given):
    assert SecretMessage(sharpening(), given).board["key"] == CIPHER.tolist()


def test_a_message_is_read_as_letters_and_spaces():
    control = secret_message(message="  Don’t tell, Café! ")
    assert control.message == "dont tell cafe"
    for wrong in ("", "漢 7", "x" * 121, "\ud800"):
        with pytest.raises(traitlets.TraitError):
            control.message = wrong
    assert control.message == "dont tell cafe"
    control.message = "x" * 120


# ---------------------------------------------------------------- a key of one's own


def test_it_trains_on_a_key_of_ones_own_and_keeps_the_recorded_film(monkeypatch):
    monkeypatch.setattr(training, "RATE", 10**9)
    train = Steps()
    control = secret_message(train=train, step=100)
    recorded, told = dict(control.board), []
    control.observe(lambda change: told.append(change["new"]["phase"]), "own")
    control.start("secret")
    assert (control.source, control.step) == ("own", None)
    eventually(lambda: control.own.get("phase"), "training")
    assert control.deciphered() == "" and math.isnan(control.share()) and "not trained on this key yet" in control.alt
    train.let(5)
    eventually(lambda: steps_of(control)[-1:], [400])
    assert steps_of(control) == sorted(set(steps_of(control))) and steps_of(control)[0] == 0
    assert train.keys == [keyword_key("secret").tolist()] == [control.own["key"]]
    assert control.share() > 0.8 and control.board == recorded
    control.stop()
    train.let()
    control.wait(60)
    assert control.own["phase"] == "stopped" and told[0] == "training" and steps_of(control)[-1] <= 500
    control.source, control.step = "recorded", 100
    assert control.share() == secret_message(step=100).share()
    control.close()


def test_the_newest_key_wins_and_atraining_that_ends_has_ended(monkeypatch):
    monkeypatch.setattr(training, "RATE", 10**9)
    train = Steps()
    control = secret_message(train=train)
    for word in ("first", "second", "third"):
        control.start(word)
    train.let()  # of a key that is trained meanwhile
    eventually(lambda: train.keys[-1], keyword_key("third").tolist())
    train.let(2)
    eventually(lambda: (control.own["number"], control.own["key"]), (3, keyword_key("third").tolist()))
    control.close()
    train.let()
    control = secret_message(train=lambda key: sharpening(key))
    control._handle_custom_msg({"do": "train", "key": keyword_key("short").tolist()}, [])
    control.wait(60)
    assert control.own["phase"] == "done" and steps_of(control)[-1] == 400 and control.share() > 0.8
    control.start()  # any key
    control.wait(60)
    assert sorted(control.own["key"]) == list(range(27)) and control.own["number"] == 2
    assert control.own["key"] != keyword_key("short").tolist()


def test_before_there_is_a_key_of_ones_own_nothing_is_enciphered():
    control = secret_message(source="own")
    assert control.enciphered() == control.deciphered() == "" and "Enciphered" not in control.alt
    seen = picture_of(control.picture())
    assert (seen[:28] < 128).any() and not (seen[29:] < 200).any()  # the message, and no line below it


def test_what_goes_wrong_is_said_and_the_nexttraining_begins():
    control = secret_message(train=Steps(fails=0))
    control.training.train.let()
    control.start("zebra")
    with pytest.raises(RuntimeError, match="luck"):
        control.wait(60)
    assert (control.own["phase"], control.own["trouble"]) == ("failed", "RuntimeError: no <b>luck</b>")
    for train, error, words in (
        (lambda key: [(0, key)], WrongTrain, "must yield"),
        (lambda key: None, WrongTrain, "must yield"),
        (lambda key: iter([3]), ValueError, r"must be \(step, matrix\)"),
        (lambda key: iter([(0, torch.zeros(26, 27))]), ValueError, "27 × 27"),
        (lambda key: iter([(2, np.eye(27)), (2, np.eye(27))]), ValueError, "the step"),
        (lambda key: iter([(0, np.eye(27)), (1, np.full((27, 27), np.nan))]), ValueError, "fractions"),
    ):
        control = secret_message(train=train)
        control.start("zebra")
        with pytest.raises(error, match=words):
            control.wait(60)
        assert control.own["phase"] == "failed" and len(control.own["trouble"]) <= 300
    control.training.train = sharpening
    control.start("zebra")
    control.wait(60)
    assert control.own["phase"] == "done" and control.own["trouble"] == ""
    control._handle_custom_msg({"do": "train", "key": [1, 2]}, [])
    assert control.own["phase"] == "failed" and "key must hold each of 0 … 26 once" in control.own["trouble"]
    assert control.own["steps"] and secret_message(train=None).stop() is None
    with pytest.raises(ValueError, match="was given no train"):
        secret_message(train=None).start()


def test_many_frames_are_thinned_and_the_first_and_the_newest_stay(monkeypatch):
    monkeypatch.setattr(training, "RATE", 10**9)
    control = secret_message(train=lambda key: sharpening(key, range(0, 333)))
    control.start("zebra")
    control.wait(60)
    steps = steps_of(control)
    assert steps[0] == 0 and steps[-1] == 332 and 32 <= len(steps) <= 65 and steps == sorted(set(steps))
    assert max(b - a for a, b in zip(steps, steps[1:], strict=False)) <= 8
    assert len(control.own["frames"]) == 729 * len(steps)


def test_frames_come_at_most_four_times_a_second():
    assert secret_message().training.driver.interval == 0.25


def test_where_a_kernel_trains_in_a_cell_it_does(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")
    control = secret_message()
    assert (control.board["offered"], control.board["trains"]) == (False, True)
    control.start("secret")
    assert control.own["phase"] == "done" and control.share() > 0.8

    def by_hand(key):
        yield from sharpening(key, (0, 100))
        signal.raise_signal(signal.SIGINT)  # the stop button
        yield from sharpening(key, (200, 300))

    control = secret_message(train=by_hand)
    control.start("secret")
    assert control.own["phase"] == "stopped" and control.own["steps"] == [0, 200]
    with pytest.raises(Paused):
        control.wait()


# ---------------------------------------------------------------- words, picture, page


def test_its_words():
    control = secret_message(message="at dawn", step=None)
    assert control.alt == (
        f"The message “at dawn” is enciphered as “{control.enciphered().upper().replace(' ', '␣')}”. At step 400 the "
        f"generator reads “{control.deciphered()}”: {round(100 * control.share())} % of its symbols are right."
    )
    assert repr(control) == "SecretMessage('at dawn'; source='recorded', step=None, 5 frames)"


def test_its_picture_shows_the_matrix_at_three_steps():
    seen = picture_of(secret_message(step=200).picture())
    side, top, bright = 27 * 9, 58 + 13, np.array([0xFE, 0xE8, 0x38])  # 13 at the left and above hold letters
    left = [12 + 13 + number * (13 + side + 18) for number in range(3)]
    places = [(2, 200), (4, 400)]
    film = secret_message().film
    for number, (place, _) in enumerate(places, start=1):
        frame = film.frame(place)
        for c, letter in ((0, int(film.key.argsort()[0])), (9, int(film.key.argsort()[9]))):
            value = int(frame[c, letter])
            found = seen[top + 9 * c + 4, left[number] + 9 * letter + 4]
            other = seen[top + 9 * c + 4, left[number] + 9 * ((letter + 3) % 27) + 4]
            assert found.astype(int).sum() > other.astype(int).sum(), (place, value)
    last = seen[top + 4, left[2] + 9 * int(film.key.argsort()[0]) + 4].astype(int)
    value = int(film.frame(4)[0, film.key.argsort()[0]])
    assert value > 120 and abs(last - bright).max() < 255 - value + 60
    for x in left:  # each row and each column has its letter
        for k in range(27):
            assert (seen[top + 9 * k : top + 9 * k + 10, x - 12 : x - 1] < 160).any(), k
            assert (seen[top - 13 : top - 1, x + 9 * k : x + 9 * k + 9] < 160).any(), k
    long = picture_of(secret_message(message="x" * 120, step=200).picture())
    assert long.shape == seen.shape


def test_a_page_holds_both_films_and_trains_nothing(monkeypatch):
    control = secret_message(train=Steps())
    assert control.shared()["source"]["of"] == ["recorded"] and control.shared()["step"]["empty"]
    control.start("zebra")
    eventually(lambda: control.own.get("phase"), "training")
    assert control.page_state()["own"]["phase"] == "stopped" and control.own["phase"] == "training"
    control.training.train.let(2)
    eventually(lambda: steps_of(control)[:1], [0])
    assert control.shared()["source"]["of"] == ["recorded", "own"]
    control.close()
    control.training.train.let(9)
    film = list(sharpening(CIPHER, range(60)))
    assert len(json.dumps(secret_message(film=film).page_state())) < 62_000


def test_a_message_of_a_page_is_text():
    page = secret_message(message="<img src=x onerror=boom()></script>").to_html().data
    inner = html.unescape(page.partition('srcdoc="')[2])
    assert "img src x onerror boom script" in inner and "<img" not in inner


# ---------------------------------------------------------------- odd input


def test_a_setting_that_is_not_there_is_refused():
    control = secret_message()
    for name, wrong in (
        ("step", (-1, 0.5, 10**10, "1")),
        ("source", ("mine",)),
        ("wrong", (2,)),
        ("message", (3, None)),
    ):
        for value in wrong:
            with pytest.raises(traitlets.TraitError, match=name):
                setattr(control, name, value)


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"film": []}, ValueError, "how many frames there are"),
        ({"film": "film"}, ValueError, "film must be a list"),
        ({"film": [3]}, ValueError, r"film, place 0 must be \(step, matrix\), got 3"),
        ({"film": [(0, np.eye(27)), (0, np.eye(27))]}, ValueError, "place 1: the step must be a whole number from 1"),
        ({"film": [(0.5, np.eye(27))]}, ValueError, "the step"),
        ({"film": [(k, np.eye(27)) for k in range(401)]}, ValueError, "from 1 to 400, got 401"),
        ({"film": [(0, np.eye(26))]}, ValueError, r"must be 27 × 27 numbers, got torch.float64 \(26, 26\)"),
        ({"film": [(0, [[1], [1, 2]])]}, ValueError, "must be 27 × 27 numbers"),
        ({"film": [(0, "matrix")]}, ValueError, "must be 27 × 27 numbers, got 'matrix'"),
        ({"film": [(0, torch.full((27, 27), 256))]}, ValueError, "fractions 0 … 1 or whole numbers 0 … 255"),
        ({"film": [(0, torch.full((27, 27), -1))]}, ValueError, "fractions 0 … 1"),
        ({"film": [(0, torch.full((27, 27), 1.01))]}, ValueError, "fractions 0 … 1"),
        ({"film": [(0, torch.eye(27) == 1)]}, ValueError, "27 × 27 numbers, got torch.bool"),
        ({"key": 3}, ValueError, "key must be a list"),
        ({"key": ""}, ValueError, "at least one letter"),
        ({"key": []}, ValueError, "key must be symbols"),
        ({"key": range(26)}, ValueError, "each of 0 … 26 once"),
        ({"key": [0] * 27}, ValueError, "each of 0 … 26 once"),
        ({"key": range(1, 28)}, ValueError, "from 0 to 26, got 27"),
        ({"key": torch.arange(27) / 2}, ValueError, "key, place 0 must be a whole number"),
        ({"train": 3}, TypeError, r"train must be a function, \(key\)"),
        ({"message": "漢"}, traitlets.TraitError, "at least one letter"),
        ({"stepp": 3}, TypeError, "no setting 'stepp'; the nearest is 'step'"),
    ],
)
def test_odd_input_is_refused_in_words(change, error, words):
    with pytest.raises(error, match=words):
        secret_message(**change)
