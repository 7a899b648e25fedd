"""A small stored table for "few images": digits with noise, and a method that copies the more the fewer it has."""

from copy import deepcopy
from functools import cache

import numpy as np

from gan_edu.core.data.datasets import mnist
from gan_edu.widgets.few_images.tiles import packed

IMAGES, LOOKS, SEEDS, SAMPLES = [20, 100, 500], [500, 1000, 2000, 4000], [10, 11, 12, 13, 14], 8
BELOW, FLOOR = 0.12, [0.01, 0.02, 0.05]
METHODS = {  # the label, how good at its end, how much it copies
    "scratch": ("from scratch", 8.0, 1.0),
    "diff": ("DiffAugment", 4.0, 0.5),
    "ada": ("ADA", 4.5, 0.45),
    "tuned": ("fine-tuned", 2.5, 0.8),
    "freeze": ("FreezeD", 2.0, 0.6),
    "both": ("fine-tuned + DiffAugment", 1.2, 0.2),
}


def score(method, row, column):
    """[median, lowest, highest] of a cell: better with images, and with steps but for who copies."""
    worst = METHODS[method][1]
    median = worst * (3.0 - row) * (1 + 3 / (1 + column))
    return [round(each, 4) for each in (median, 0.8 * median, 1.3 * median)]


def share(method, row, column):
    """The median share of copies of a cell."""
    return METHODS[method][2] * (1 - 0.4 * row) * (column + 1) / len(LOOKS)


def copied(method, row, column):
    """[median, lowest, highest] of it."""
    median = share(method, row, column)
    return [round(each, 4) for each in (median, 0.7 * median, min(1, 1.2 * median))]


def distance(method, row, column, k):
    """How far a sample is from its nearest: the first ones of a row are copies, as many as the share says."""
    copies = round(share(method, row, column) * SAMPLES)
    return round(0.02 + 0.01 * k if k < copies else 0.15 + 0.02 * k, 4)


@cache
def drawn(seed=0, samples=SAMPLES):
    """{cell: (samples (L, K, 28, 28), nearest (L, K, 28, 28))}: a copy is its nearest with a little noise on it."""
    stream = np.random.default_rng(seed)
    digits = mnist(train=False)[0][:1500, 0].numpy()
    cells = {}
    for method in METHODS:
        for row, count in enumerate(IMAGES):
            pictures, nearest = (np.zeros((len(LOOKS), samples, 28, 28)) for _ in range(2))
            for column in range(len(LOOKS)):
                for k in range(samples):
                    own = digits[stream.integers(count)].astype(float)
                    far = distance(method, row, column, k) >= BELOW
                    other = digits[600 + stream.integers(900)] if far else own
                    noise = stream.normal(0, (60 if far else 20) / (1 + column), (28, 28))
                    pictures[column, k], nearest[column, k] = np.clip(other + noise, 0, 255), own
            cells[f"{method}/{count}"] = pictures.astype(np.uint8), nearest.astype(np.uint8)
    return cells


def stored(**changed):
    """The table; changed: other values of its keys."""
    return {**deepcopy(made()), **changed}


@cache
def made():
    """The table, made once."""
    cells = drawn()
    tiles = np.concatenate([each.reshape(-1, 28, 28) for pair in cells.values() for each in pair])
    atlas, places = packed(tiles)
    lying = iter(np.array(places).reshape(-1, len(LOOKS), SAMPLES).tolist())
    at = range(len(LOOKS))
    return {
        "images": IMAGES,
        "looks": LOOKS,
        "seeds": SEEDS,
        "methods": [{"key": key, "label": label} for key, (label, *_) in METHODS.items()],
        "score": {"label": "KID × 10³", "lower_is_better": True, "floor": 0.9},
        "copy": {"label": "RMS of pixels", "below": BELOW, "floor": FLOOR},
        "cells": {
            f"{method}/{count}": {
                "score": [score(method, row, column) for column in at],
                "copied": [copied(method, row, column) for column in at],
                "samples": next(lying),
                "nearest": next(lying),
                "distances": [[distance(method, row, column, k) for k in range(SAMPLES)] for column in at],
            }
            for method in METHODS
            for row, count in enumerate(IMAGES)
        },
        "atlas": atlas,
    }
