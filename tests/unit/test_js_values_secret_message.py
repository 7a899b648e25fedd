"""Ciphers and what a frame reads, by Python: tests/js/secret_message.json, which its test.mjs reads."""

import random

import torch
from helpers.js_values import held

from gan_edu.core.data import ciphers
from gan_edu.widgets.secret_message.film import reading

TEXTS = [
    "Attack at dawn!",
    "  two   spaces ",
    "Café naïve Ångström",
    "don't, he’d",
    "ﬁne ½ ① K Ⅷ",
    "İstanbul ẞß",
    "Æsop œuvre Øre ǿ Åse þing ðæt Đakovo Łódź ħal ŧ ıssız ſo ĳ ǽ",
    "שלום abc 漢字 d",
]
TEXTS += ["a\tb\nc", "x" * 120, "<img src=x onerror=boom()>", "a\u0301b\u200bc", "👩‍👧🏽 z", "A"]
WORDS = ["zebra", "a", "z", "Secret Key", "hello world", "abcdefghijklmnopqrstuvwxyz", "THE QUICK BROWN FOX", "aa"]


def test_what_javascript_is_held_to():
    stream = random.Random(0)
    frames = [[stream.randrange(256) for _ in range(729)] for _ in range(2)]
    frames += [[stream.choice((0, 85, 170)) for _ in range(729)], [0] * 729]  # with many that are as likely
    text, key = ciphers.letters("the quick brown fox jumps over the lazy dog"), ciphers.keyword_key("zebra")
    hidden = ciphers.substituted(text, key)
    stands = [reading(torch.tensor(each, dtype=torch.uint8).view(27, 27)) for each in frames]
    values = {
        "texts": [[each, ciphers.letters(each).tolist()] for each in TEXTS],
        "words": [[each, ciphers.keyword_key(each).tolist()] for each in WORDS],
        "text": text.tolist(),
        "hidden": hidden.tolist(),
        "key": key.tolist(),
        "frames": frames,
        "stands": [each.tolist() for each in stands],
        "sure": [
            [each[27 * c + s] / 255 for c, s in enumerate(all_.tolist())]
            for each, all_ in zip(frames, stands, strict=True)
        ],
        "right": [int((each[hidden] == text).sum()) for each in [*stands, ciphers.undone(key)]],
    }
    held("secret_message", values)
