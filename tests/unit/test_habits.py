"""What keeps a repository in order: one version, a list of changes, hooks, forms for reports, one page of the whole."""

import re
from importlib.util import find_spec
from pathlib import Path

import laws
import pytest
import yaml
from code_laws import FLOORS

import gan_edu

ROOT = Path(__file__).parents[2]
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))


# One version


def test_the_version_stands_in_the_package_and_the_others_agree():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'dynamic = ["version"]' in project and not re.search(r"^version = ", project, re.MULTILINE)
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["version"] == gan_edu.__version__
    newest = re.search(r"^## (\d\S*) - (\S+)$", CHANGES, re.MULTILINE)
    assert newest.groups() == (gan_edu.__version__, str(cited["date-released"]))


# The list of changes


def test_changes_are_told_in_the_form_of_keep_a_changelog():
    titles = re.findall(r"^## (.*)$", CHANGES, re.MULTILINE)
    assert titles[0] == "Unreleased" and all(
        re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", each) for each in titles[1:]
    )
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.*)$", CHANGES, re.MULTILINE)) <= kinds


def moves():
    """(old module, new module) below gan_edu, of the table."""
    for old, new in re.findall(r"^  \| (`.*) \| (`.*) \|$", CHANGES, re.MULTILINE):
        names = [name for name in re.findall(r"`([\w.]+)`", old) if name.startswith("core.")]
        room = re.match(r"`([\w.*]+)`", new)[1]
        for name in names:
            yield name, room.replace("*", name.removeprefix("core."))


@pytest.mark.parametrize("old, new", list(moves()))
def test_a_module_that_moved_is_where_the_list_says(old, new):
    assert find_spec(f"gan_edu.{new}")
    assert not (ROOT / "gan_edu" / f"{old.replace('.', '/')}.py").exists()


def test_the_list_has_every_module_that_moved():
    assert len(dict(moves())) == 62


# Hooks before a commit, and what an editor does


def test_hooks_are_pinned_and_the_courses_own_need_no_network():
    own, *others = HOOKS["repos"]
    assert own["repo"] == "local" and all(hook["language"] == "system" for hook in own["hooks"])
    assert all(re.fullmatch(r"v\d+\.\d+\.\d+", each["rev"]) for each in others)
    entries = " ".join(hook["entry"] for hook in own["hooks"])
    assert all(each in entries for each in ("ruff check", "ruff format", "tools/course.py check"))
    ids = {hook["id"] for each in others for hook in each["hooks"]}
    assert ids == {"end-of-file-fixer", "trailing-whitespace", "check-added-large-files"}


def test_the_hooks_find_nothing_to_mend():
    """Of ends of lines and files: else a first commit would carry changes that nobody made."""
    left_out = re.compile(HOOKS["exclude"])
    for path in laws.files(ROOT):
        if left_out.match(path.relative_to(ROOT).as_posix()) or path.name == ".git":
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[ \t]+$", text, re.MULTILINE), path
        assert path.suffix == ".ipynb" or not text or re.search(r"[^\n]\n\Z", text), path


def test_a_tab_begins_a_recipe_and_nothing_else():
    editor = (ROOT / ".editorconfig").read_text(encoding="utf-8")
    assert "root = true" in editor and re.search(r"^\[Makefile\]\nindent_style = tab$", editor, re.MULTILINE)


# Forms for reports and proposals


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_a_form_asks_what_the_public_host_understands(form):
    asked = yaml.safe_load(form.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(asked)
    fields = [field for field in asked["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert any(field.get("validations", {}).get("required") for field in fields)
    for field in fields:
        assert field["type"] in {"input", "textarea", "dropdown", "checkboxes"} and field["attributes"]["label"]
        assert ("options" in field["attributes"]) == (field["type"] in {"dropdown", "checkboxes"})


def test_there_is_a_form_for_each_kind_of_report_and_one_for_proposals():
    assert {form.stem for form in FORMS} == {"bug", "idea", "statement"}
    asked = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "statement.yml").read_text(encoding="utf-8"))
    required = {field["id"] for field in asked["body"] if field.get("validations", {}).get("required")}
    assert {"sentence", "why"} <= required
    assert "make test" in (ROOT / ".github" / "pull_request_template.md").read_text(encoding="utf-8")


# The page of architecture


def test_the_page_of_architecture_names_every_room_in_words_and_in_its_picture():
    page, picture = (
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("architecture.md", "architecture.svg")
    )
    for room in FLOORS:
        assert f"`core/{room}`" in page and f">{room}</text>" in picture, room
    assert page.count("](architecture.svg)") == 1 and len(page.splitlines()) <= 90  # two screens
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "(docs/architecture.md)" in (ROOT / name).read_text(encoding="utf-8")


def test_the_page_tells_what_a_recording_and_a_live_control_hold():
    from helpers.small_recording import recording

    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for name in (
        "format",
        "version",
        "name",
        "title",
        "kind",
        "frames",
        "curves",
        "log",
        "provenance",
        "atlas",
        "checksum",
    ):
        assert f"`{name}`" in page and name in recording().meta, name
