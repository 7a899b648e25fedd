"""Cells that need a missing package are left out with a word; all others run as they stand."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from gan_edu.core.notebook import leave_out
from gan_edu.core.notebook.left_out import needed


@pytest.fixture
def shell():
    shell = InteractiveShell.instance()
    yield shell
    with capture_output():
        leave_out()
    InteractiveShell.clear_instance()


def run(shell, cell):
    """What a cell prints."""
    with capture_output() as captured:
        shell.run_cell(cell).raise_error()
    return captured.stdout


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("# needs rdkit\nx = 1", ["rdkit"]),
        ("# @title A table\n# needs rdkit, selfies\nx = 1", ["rdkit", "selfies"]),
        ("\n\n# needs  rdkit ,selfies\n", ["rdkit", "selfies"]),
        ("x = 1\n# needs rdkit", []),
        ("# needs more thought about it", []),
        ("", []),
    ],
    ids=["first line", "below a title", "spaces", "later", "a sentence", "empty"],
)
def test_a_cell_says_what_it_needs_at_its_top(cell, names):
    assert needed(cell.splitlines(keepends=True)) == names


def test_what_is_missing_is_left_out_and_said(shell):
    with capture_output() as captured:
        assert leave_out("no_such_package", "torch") == ["no_such_package"]
    assert "pip install no_such_package" in captured.stdout and "torch" not in captured.stdout
    assert run(shell, "# needs no_such_package\nraise ValueError") == "Left out: this cell needs no_such_package.\n"
    assert run(shell, "# needs torch\nprint(3)") == run(shell, "print(3)") == "3\n"


def test_once_it_is_there_cells_run_again(shell):
    with capture_output():
        for _ in range(2):
            leave_out("no_such_package")
    assert len([each for each in shell.input_transformers_cleanup if "LeavesOut" in repr(each)]) == 1
    with capture_output() as captured:
        assert leave_out("torch") == []
    assert not captured.stdout and run(shell, "# needs no_such_package\nprint(3)") == "3\n"


def test_outside_of_a_notebook_it_only_says_so(capsys):
    InteractiveShell.clear_instance()
    assert leave_out("no_such_package") == ["no_such_package"] and "pip install" in capsys.readouterr().out


def test_a_package_is_named_by_a_text():
    with pytest.raises(ValueError, match="text"):
        leave_out(3)
