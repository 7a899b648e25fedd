"""Live training in a real kernel: the stop button, in a cell and without one; what an executed notebook keeps."""

import os
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

pytestmark = pytest.mark.slow
CELL = """import torch
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train
from gan_edu.widgets import Live
torch.set_num_threads(1)
live = Live(lambda: (textbook(), textbook_batches()), train, "Kernel", every=5)"""


class Kernel:
    """A kernel, its cells one after another."""

    def __init__(self, driver):
        self.manager, self.client = start_new_kernel(env={**os.environ, "GAN_EDU_DRIVER": driver})
        self.said = ""

    def run(self, source, interrupt=False):
        """Run a cell; returns the reply. interrupt: press the stop button as soon as it trains."""
        said, number = [], self.client.execute(source)
        if interrupt:
            self.comes_to_be("training")
            self.manager.interrupt_kernel()
        reply = self.client._recv_reply(number, timeout=240)
        while (message := self.client.get_iopub_msg(timeout=240))["header"]["msg_type"] != "status" or (
            message["content"]["execution_state"] != "idle" or message["parent_header"].get("msg_id") != number
        ):
            said += [message["content"]["text"]] if message["header"]["msg_type"] == "stream" else []
        self.said = "".join(said).strip()
        return reply["content"]

    def comes_to_be(self, phase):
        """Wait until a view is told of this phase, some steps done."""
        status = {}
        while status.get("phase") != phase or not status["step"]:
            message = self.client.get_iopub_msg(timeout=240)["content"]
            status = message.get("data", {}).get("content", {}).get("status", {})


@pytest.fixture(scope="module", params=["thread", "inline"])
def kernel(request):
    kernel = Kernel(request.param)
    kernel.driver = request.param
    assert kernel.run(CELL)["status"] == "ok"
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


def test_the_stop_button_pauses_a_cell_that_trains(kernel):
    reply = kernel.run("live.train_to(1_000_000)", interrupt=True)
    assert reply["ename"] == "Paused" and len(reply["traceback"]) == 1
    assert "Run the cell again to go on" in reply["traceback"][0]
    kernel.run("print(live.gan.step, live.driver.running, live.status()['phase'])")
    step, running, phase = kernel.said.split()
    assert int(step) > 0 and (running, phase) == ("False", "paused")
    assert kernel.run(f"live.train_to({step} + 3)\nprint(live.gan.step)")["status"] == "ok"
    assert kernel.said == str(int(step) + 3)


def test_the_stop_button_pauses_while_no_cell_runs(kernel):
    if kernel.driver == "inline":
        pytest.skip("inline, nothing trains while no cell runs")
    kernel.run("live.start()")
    kernel.comes_to_be("training")
    kernel.manager.interrupt_kernel()
    kernel.comes_to_be("paused")
    kernel.run("print(live.driver.running, live.gan.step > 0)")
    assert kernel.said == "False True"
    assert kernel.run("1 + 1")["status"] == "ok"


def test_an_error_in_the_thread_is_raised_in_the_cell(kernel):
    kernel.run(
        "live.set(d_lr=1, g_lr=1)\nlive.gan.loss = type('L', (), {'d': lambda r, f: r.mean() / 0 * 0, "
        "'g': live.gan.loss.g, 'g_needs_real': False, 'name': 'broken', 'optimum': None})"
    )
    reply = kernel.run("live.train_to(live.gan.step + 5)")
    assert reply["ename"] == "NonFiniteLoss"


AGAIN = """
import gc, weakref
living = globals().get("living", []) + [weakref.ref(live), weakref.ref(live.gan), weakref.ref(live.recorder)]
live.train_to(6)
live"""
MEMORY = """gc.collect()
from pathlib import Path
print(sum(each() is not None for each in living[1::3]), sum(each() is not None for each in living[2::3]),
      int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20)"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read where Linux tells it")
def test_a_live_cell_that_runs_again_leaves_memory_flat(kernel):
    """The notebook remembers every Live that a cell returned: each holds 25 MB of networks until it is closed."""
    if kernel.driver == "inline":
        pytest.skip("what closes is the same there")
    used = []
    for _ in range(6):
        assert kernel.run(CELL + AGAIN)["status"] == "ok"
        assert kernel.run(MEMORY)["status"] == "ok"
        gans, recorders, megabytes = map(int, kernel.said.split())
        assert gans == recorders == 1
        used.append(megabytes)
    kernel.run("print(sum(each() is not None for each in living[::3]))")
    assert int(kernel.said) == 6  # they are remembered, as closed ones
    assert used[-1] - used[0] < 50, used  # five more that stay would be 125


def test_an_executed_notebook_keeps_a_picture_of_what_was_trained(monkeypatch):
    monkeypatch.setenv("GAN_EDU_DRIVER", "inline")
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(each) for each in (CELL, "live.train_to(12)\nlive")]
    )
    NotebookClient(book, timeout=480, kernel_name="python3").execute()
    _, output, _ = book.cells[1].outputs  # the view, the picture, its words
    assert "image/png" in output["data"] and "from 6 recorded frames" in output["metadata"]["image/png"]["alt"]
