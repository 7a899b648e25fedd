"""The public host runs what the README says: `make test` for each change, also elsewhere and with the lowest versions
what can run there; `make lessons` weekly and for a tag; pages from main."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = {path.stem: path for path in (ROOT / ".github" / "workflows").glob("*.yml")}
USED = re.compile(r"uses: (\S+)")


def read(name):
    """(what starts it, its jobs). YAML takes the key `on` for the truth value."""
    found = yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8"))
    return found[True], found["jobs"]


def commands(job):
    return [step["run"].split("#")[0].strip() for step in job["steps"] if "run" in step]


def test_each_change_is_tested():
    starts, jobs = read("ci")
    assert starts["push"] == {"branches": ["main"]} and "pull_request" in starts
    assert commands(jobs["test"]) == [".ci/run"] and "make test" in (ROOT / ".ci" / "run").read_text()


def test_each_change_is_set_up_and_tested_on_windows_and_macos_by_the_readmes_ways():
    _, jobs = read("ci")
    ways = {way["system"].partition("-")[0]: way for way in jobs["elsewhere"]["strategy"]["matrix"]["include"]}
    assert set(ways) == {"windows", "macos"} and ways["macos"]["setup"] == "make venv PINS=1"
    make, install = ways["windows"]["setup"].replace(".venv/Scripts/python", r".venv\Scripts\python").split(" && ")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert make in readme and install.removeprefix(r".venv\Scripts").replace("-c constraints.txt ", "")[1:] in readme
    ran = "\n".join(commands(jobs["elsewhere"]))
    for what in ("${{ matrix.setup }}", "-m gan_edu check", "-m pytest -q -n 2 --dist loadfile tests/unit"):
        assert what in ran
    (notebook,) = [ROOT / path for path in re.findall(r"notebooks/\S+\.ipynb", ran)]
    assert notebook.exists() and "--nbval-lax" in ran


def test_each_change_is_tested_with_the_lowest_versions_on_the_oldest_python():
    _, jobs = read("ci")
    ran = "\n".join(commands(jobs["lowest"]))
    assert "--resolution lowest-direct -r requirements.txt -e ." in ran and "pytest" in ran
    (python,) = [step["with"]["python-version"] for step in jobs["lowest"]["steps"] if "with" in step]
    assert f'requires-python = ">={python}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_pages_are_built_for_each_change_and_put_on_the_web_from_main_alone():
    starts, jobs = read("pages")
    assert starts["push"] == {"branches": ["main"]} and "pull_request" in starts
    build, deploy = jobs["build"], jobs["deploy"]
    assert commands(build) == ["make pages PINS=1"] and "if" not in build
    (upload,) = [step for step in build["steps"] if "upload-pages-artifact" in step.get("uses", "")]
    assert upload["with"]["path"] == "pages"  # where `make pages` writes
    assert deploy["needs"] == "build" and deploy["environment"]["name"] == "github-pages"
    assert "event_name != 'pull_request'" in deploy["if"] and "ref == 'refs/heads/main'" in deploy["if"]
    assert any("deploy-pages" in step["uses"] for step in deploy["steps"])


def test_lessons_run_every_week_and_before_a_release():
    starts, jobs = read("lessons")
    assert starts["push"] == {"tags": ["v*"]}
    (week,) = starts["schedule"]
    minute, hour, day, month, weekday = week["cron"].split()
    assert (day, month) == ("*", "*") and minute.isdigit() and hour.isdigit() and weekday.isdigit()
    assert all("if" not in job for job in jobs.values())  # however it was started


def test_lessons_take_every_notebook_at_lesson_pace_and_a_failed_assert_fails_the_job():
    _, jobs = read("lessons")
    (job,) = jobs.values()
    assert commands(job) == ["make lessons PINS=1"]
    assert "env" not in job and not any({"continue-on-error", "env"} & set(step) for step in job["steps"])
    recipe = re.search(r"^lessons:.*\n\t(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    assert recipe == "@$(VENV_PYTHON) tools/course.py lessons"  # no names: all; no --pace: lesson


def test_the_outputs_can_be_had_also_when_a_lesson_failed():
    _, jobs = read("lessons")
    (job,) = jobs.values()
    (upload,) = [step for step in job["steps"] if "upload-artifact" in step.get("uses", "")]
    assert upload["if"] == "always()" and upload["with"]["path"] == "notebooks/*.ipynb"
    assert job["steps"].index(upload) == len(job["steps"]) - 1


def test_the_newest_releases_are_tried_at_lesson_pace_too():
    starts, jobs = read("ci")
    assert "schedule" in starts and "make lessons" in commands(jobs["newest"])


@pytest.mark.parametrize("name", WORKFLOWS)
def test_all_use_the_same_versions_of_actions_and_only_read(name):
    everywhere = {action for path in WORKFLOWS.values() for action in USED.findall(path.read_text())}
    assert len({action.partition("@")[0] for action in everywhere}) == len(everywhere)
    assert yaml.safe_load(WORKFLOWS[name].read_text())["permissions"] == {"contents": "read"}
    more = {job: made["permissions"] for job, made in read(name)[1].items() if "permissions" in made}
    assert more == ({"deploy": {"pages": "write", "id-token": "write"}} if name == "pages" else {})


def test_the_readme_names_what_runs_where():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(name in text for name in (".github/workflows/ci.yml", ".github/workflows/lessons.yml", "make lessons"))
