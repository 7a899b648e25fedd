"""The environment's report names a fault and its cure, and needs no working torch for it."""
import subprocess
import sys

import pytest

from gan_edu.core import environment
from gan_edu.core.environment import Row


def test_this_machine_is_ready(capsys):
    assert environment.main() == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("Python", "torch, torchvision", "device", "memory", "disk", "MNIST",
                                          "Fashion-MNIST", "front end", "ipywidgets", "anywidget"))


def test_a_fault_is_marked_cured_and_ends_with_1(monkeypatch, capsys):
    monkeypatch.setattr(environment, "report", lambda: [Row("a", "1"), Row("bcd", "broken", False, "mend it")])
    assert environment.main() == 1
    assert capsys.readouterr().out == "ok    a    1\nFAIL  bcd  broken\n           → mend it\n"


@pytest.mark.parametrize("source, cure", [
    ("raise RuntimeError('operator torchvision::nms does not exist')", "two different builds"),
    ("raise OSError('libcudart.so.12: cannot open shared object file')", "install both together again"),
    ("import no_such_module_of_torchvision", "install what is missing"),
])
def test_a_broken_torchvision_is_named_with_its_cure(tmp_path, monkeypatch, source, cure):
    (tmp_path / "torchvision.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    row = environment.torch_pair()
    assert row.ok is False and cure in row.cure
    assert [row.name for row in environment.report()].count("device") == 0


def test_without_torch_the_rest_is_still_reported(monkeypatch):
    for name in ("torch", "gan_edu.core.data"):
        monkeypatch.setitem(sys.modules, name, None)
    rows = {row.name: row for row in environment.report()}
    assert rows["torch, torchvision"].ok is False
    assert rows["MNIST"].ok is None and "torch" in rows["MNIST"].value
    assert rows["ipywidgets"].ok is True


def test_a_device_that_is_not_there_is_a_fault(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DEVICE", "abacus")
    assert environment.device().ok is False and "abacus" in environment.device().value


def test_corrupt_mnist_is_a_fault(monkeypatch):
    import gan_edu.core.data

    def corrupt(train=True):
        raise OSError("train-images is corrupt: install gan_edu anew")
    monkeypatch.setattr(gan_edu.core.data, "mnist", corrupt)
    assert environment.mnist().ok is False and "install gan_edu anew" in environment.mnist().cure


@pytest.mark.parametrize("version, ok", [("7.7.1", True), ("8.1.9", True), ("8.2rc1", True), ("7.6", False),
                                         ("9.0.0", False), (None, False)])
def test_ipywidgets_must_lie_in_the_range(monkeypatch, version, ok):
    monkeypatch.setattr(environment, "_version", lambda name: version)
    row = environment.widgets("ipywidgets", (7, 7), (9,))
    assert row.ok is ok and (ok or row.cure == 'pip install "ipywidgets>=7.7,<9"')


def test_too_little_memory_or_disk_is_a_remark():
    assert environment.memory(needed=1e6).ok is None and environment.memory(needed=1e6).cure
    assert environment.disk(needed=1e9).ok is None and environment.disk(needed=1e9).cure


def test_the_report_loads_torch_only_when_asked_for():
    code = "import sys; from gan_edu.core import environment; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
