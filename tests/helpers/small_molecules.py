"""A small stored table for the molecule board: fifteen drawn "molecules" that their numbers and lengths tell apart."""

KINDS = 15  # the k-th is a chain of k + 1 carbons and an oxygen; no chemistry looks at it
SHARES, STEPS = [0, 0.5, 1], [0, 100, 200, 300]


def smiles(k):
    """The text of the k-th."""
    return "C" * (k + 1) + "O"


def svg(k):
    """A long line with a short one that goes up at its left end, and a red O at its right; longer with k."""
    width = 40 + 5 * k
    lines = f"M4 30L{width - 16} 30M4 30L4 6"
    stroke = 'fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"'
    letter = f'<text x="{width - 14}" y="36" font-size="15" fill="var(--atom-O)">O</text>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 40" fill="currentColor">'
    return f'{head}<path d="{lines}" {stroke}/>{letter}</svg>'


def numbers(k):
    """What the board is told of the k-th."""
    return {"qed": 0.1 + 0.05 * k, "logp": k - 7, "sa": 1 + k / 2, "atoms": k + 2, "nearest": k / 15}


def kind(row, column, tile):
    """Which of them stands there; None for an empty tile."""
    return None if (row, column, tile) == (2, 0, 5) else (tile + row + 4 * column) % KINDS


def point(row, column):
    """What the draws of a point are worth."""
    return {"valid": 1 - 0.1 * row, "unique": 0.9 - 0.2 * column, "qed": 0.4 + 0.1 * column - 0.05 * row}


def stored(**changed):
    """The table; changed: other values of its keys."""
    at = [[(row, column) for column in range(len(STEPS))] for row in range(len(SHARES))]
    kinds = [[[kind(*each, tile) for tile in range(12)] for each in line] for line in at]
    table = {
        "shares": SHARES,
        "steps": STEPS,
        "seed": 10,
        "grids": [[[k if k is None else smiles(k) for k in some] for some in line] for line in kinds],
        "points": [[point(*each) for each in line] for line in at],
        "molecules": {smiles(k): {"svg": svg(k), **numbers(k)} for k in range(KINDS)},
        "data": {"qed": 0.57},
    }
    return {**table, **changed}
