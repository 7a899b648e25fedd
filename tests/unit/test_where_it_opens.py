"""Colab, VS Code and readers without a kernel: what each of them reads is there. `make colab` tries Colab for real."""

import ast
import json
import re
import subprocess
import sys
from importlib import import_module
from importlib.metadata import requires
from pathlib import Path

import dependencies
import links
import pytest
from helpers.controls import EXAMPLES
from helpers.small_recording import recording
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from jupyter_core.paths import SYSTEM_JUPYTER_PATH, jupyter_path
from laws import every, read, script_of
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gan_edu.widgets
from gan_edu.core.notebook.stills import are_words
from gan_edu.widgets import Replay, compare
from gan_edu.widgets.kit.control import VIEW, Control
from gan_edu.widgets.kit.scripts import BUNDLES

ROOT = Path(__file__).parents[2]
THEIR_NEEDS = {"packaging", "setuptools", "typing-extensions"}  # of what is there on Colab
COLAB_HAS = {row.name for row in dependencies.packages() if row.kind == "run" and row.colab.startswith("there")}
COLAB_HAS |= THEIR_NEEDS
THERE_TOO = {row.name for row in dependencies.packages() if row.kind != "run" and row.colab.startswith("there")}
NOT_CALLED = {"docopt"}  # of num2words' own command


# Colab: the first cell


@pytest.fixture
def cell(monkeypatch):
    """cell(modules that are there, **environment): the lines that the first cell gives to %pip."""
    shell = InteractiveShell.instance()

    def run(there, **environment):
        asked = []
        monkeypatch.setattr("importlib.util.find_spec", lambda name: name in there or None)
        monkeypatch.delenv("GAN_EDU_SRC", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        shell.register_magic_function(asked.append, "line", "pip")
        shell.run_cell(links.first_cell("https://github.com/ada/gan-course")).raise_error()
        return asked

    return run


def test_where_the_course_is_there_nothing_is_installed(cell):
    assert cell({"gan_edu"}) == []


def test_only_what_is_missing_is_installed_and_nothing_upgraded(cell):
    (line,) = cell({"anywidget", "psygnal"})
    assert line.split() == [
        "install",
        "-q",
        "--no-deps",
        '"git+https://github.com/ada/gan-course"',
        "POT",
        "num2words",
        "rdkit",
        "selfies",
        "arch",
        "torchmetrics",
        "lightning_utilities",
    ]
    (line,) = cell(set(links.EXTRAS), GAN_EDU_SRC="/my course")
    assert line.strip() == 'install -q --no-deps "/my course"'


def test_the_first_cell_knows_all_that_colab_may_lack():
    needed, left = set(), ["gan_edu"]
    while left:
        wanted = [
            each
            for each in map(Requirement, requires(left.pop()) or [])
            if not each.marker or each.marker.evaluate({"extra": "work"})  # chapters need that one, too
        ]
        new = {canonicalize_name(each.name) for each in wanted} - COLAB_HAS - THERE_TOO - NOT_CALLED - needed
        needed |= new
        left += new
    assert needed == {canonicalize_name(name) for name in map(dependencies.PACKAGE_OF.get, links.EXTRAS, links.EXTRAS)}


@pytest.mark.parametrize("path", every(ROOT), ids=lambda path: path.stem)
def test_every_notebook_opens_with_it(path):
    book = read(script_of(path))
    first = next(cell for cell in book.cells if cell.cell_type == "code")
    assert first.metadata.tags == ["colab"] and first.source == links.first_cell(links.repository(ROOT))
    ast.parse(first.source.replace("%pip", "#"))


# VS Code, and every other host that is no JupyterLab


@pytest.fixture(scope="module", params=["one run", "several"])
def bundle(request):
    run = recording()
    control = Replay(run) if request.param == "one run" else compare(run, recording("Other"))
    return (control, *control._repr_mimebundle_())


def test_the_view_is_the_one_that_hosts_of_widgets_read(bundle):
    control, data, _ = bundle
    assert (data[VIEW]["version_major"], data[VIEW]["model_id"]) == (2, control.model_id)
    state = control.get_state()
    assert (state["_view_module"], state["_model_module"]) == ("anywidget", "anywidget")
    assert re.search(r"export\{[^}]* as default\}", state["_esm"])


def test_every_control_leaves_its_picture():
    assert set(EXAMPLES) == set(gan_edu.widgets.__all__) - {"compare"}
    for name, make in EXAMPLES.items():
        control, kind = make(), getattr(gan_edu.widgets, name)
        assert isinstance(control, kind) and issubclass(kind, Control) and "_ipython_display_" not in vars(kind)
        data, metadata = control._repr_mimebundle_()
        control.close()
        assert data["image/png"] and metadata["image/png"]["alt"] and data["text/plain"].startswith(name)
        assert not metadata["image/png"]["alt"].startswith("No picture of this"), name


@pytest.fixture
def shown(monkeypatch):
    """shown(control, **environment): what it gives IPython in one bundle, and what it displays itself."""
    for name in ("VSCODE_PID", "VSCODE_CWD", "BINDER_SERVICE_HOST"):
        monkeypatch.delenv(name, raising=False)

    def show(control, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        shell = InteractiveShell.instance()
        with capture_output() as captured:
            bundle, metadata = shell.display_formatter.format(control)
        return (bundle, metadata), captured.outputs

    return show


@pytest.mark.parametrize("environment", [{}, {"BINDER_SERVICE_HOST": "10.0.0.1"}], ids=["Jupyter", "Binder"])
def test_jupyter_gets_the_view_the_picture_and_its_words_apart(shown, environment):
    """Were they one output, JupyterLab would show the view alone, also where its kernel is gone."""
    control = Replay(recording('Run "<1>"'))
    (bundle, _), (view, picture, words) = shown(control, **environment)
    assert not bundle and set(view.data) == {VIEW} and view.data[VIEW]["model_id"] == control.model_id
    assert set(picture.data) == {"image/png", "text/plain"} and picture.metadata["image/png"]["alt"] == control.alt
    assert picture.data["text/plain"] == repr(control)
    assert are_words(words.data) and "Run &quot;&lt;1&gt;&quot;: grids of" in words.data["text/html"]
    assert "<script" not in words.data["text/html"]


@pytest.mark.parametrize("host", ["VS Code", "Colab"])
def test_where_each_output_stands_alone_all_is_one(shown, monkeypatch, host):
    if host == "Colab":
        monkeypatch.setitem(sys.modules, "google.colab", object())
    monkeypatch.setitem(sys.modules, "ipykernel", import_module("ipykernel"))
    control = Replay(recording())
    (bundle, metadata), displayed = shown(control, **({"VSCODE_PID": "1"} if host == "VS Code" else {}))
    assert not displayed and {VIEW, "image/png", "text/plain"} <= set(bundle)
    assert metadata["image/png"]["alt"] == control.alt


def test_a_closed_control_is_its_name(shown):
    control = Replay(recording())
    control.close()
    (bundle, _), displayed = shown(control)
    assert bundle == {"text/plain": repr(control)} and not displayed


def test_whoever_shows_no_widgets_shows_picture_or_words(bundle):
    control, data, metadata = bundle
    assert data["image/png"] and metadata["image/png"]["alt"] == control.alt
    assert data["text/plain"].startswith("Replay(")
    json.dumps({key: value for key, value in data.items() if isinstance(value, (str, dict))})
    assert set(data) == {VIEW, "image/png", "text/plain"}


def test_vs_code_finds_the_front_end_beside_the_kernel():
    """It looks in the environment's nbextensions before it asks a CDN."""
    places = [
        Path(place) / "nbextensions" / "anywidget" / "index.js"
        for place in {*jupyter_path(), *SYSTEM_JUPYTER_PATH, str(Path(sys.prefix) / "share" / "jupyter")}
    ]
    assert any(place.is_file() for place in places)


def test_no_control_imports_its_code_from_an_address():
    """Colab and VS Code show a control in a frame that may not reach what JupyterLab reaches."""
    scripts = list(BUNDLES.glob("*.js"))
    assert len(scripts) >= 10
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(?:import\b|export\b.*\bfrom\s*[\"'])|\bimport\(", text, re.MULTILINE), script
        assert "http" not in text.replace("http://www.w3.org/", ""), script


def test_a_notebook_asks_for_the_kernel_that_every_host_has():
    for path in every(ROOT):
        assert read(script_of(path)).metadata.kernelspec.name == "python3"


def test_the_tool_for_colab_has_colabs_versions():
    import colab

    assert {"ipython==7.34.0", "ipykernel==6.17.1", "ipywidgets==7.7.1", "anywidget==0.9.21"} <= {
        *colab.STACK,
        *colab.WIDGETS,
    }
    assert COLAB_HAS - {"ipywidgets", "setuptools"} <= set(colab.needs(colab.LENT))  # a torch of 2024 needs none
    lent = colab.needs(["torch", "no-such-package"])
    assert "torch" in lent and "jinja2" in lent and "gan-edu" not in lent
    compile(colab.CONTROLS, "controls", "exec")
    said = subprocess.run([sys.executable, str(ROOT / "tools" / "colab.py"), "99_none"], capture_output=True, text=True)
    assert said.returncode and "no notebook 99_none" in said.stderr
