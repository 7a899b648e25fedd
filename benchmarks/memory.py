"""Memory that a notebook takes, run to its end: python -m benchmarks.memory [NAME [PACE]].

Binder gives 1 to 2 GB for everything, so what counts there is the kernel with PyTorch's CPU build plus the server.
The figures belong to the build of PyTorch that is installed here; the result says which.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import psutil

from gan_edu.core.safety.strict_json import as_json

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
MB = 1e6


class Peak(threading.Thread):
    """Looks at a process five times a second. rss: its resident memory; pss: pages shared with others count in part."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.process, self.rss, self.pss, self.over = psutil.Process(pid), 0.0, None, threading.Event()

    def run(self):
        while not self.over.is_set():
            try:
                memory = self.process.memory_full_info()
            except psutil.Error:  # it has ended, or the system does not tell
                return
            self.rss = max(self.rss, memory.rss / MB)
            if hasattr(memory, "pss"):  # Linux only
                self.pss = max(self.pss or 0.0, memory.pss / MB)
            self.over.wait(0.2)


def kernel(name: str, pace: str) -> dict:
    """Peaks of the kernel process that runs the notebook, in MB (10⁶ bytes). Raises for a cell that fails."""
    from nbclient import NotebookClient

    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    client = NotebookClient(
        book,
        kernel_name="python3",
        timeout=1800,
        store_widget_state=False,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    environment = {**os.environ, "GAN_EDU_PACE": pace, "GAN_EDU_DRIVER": "inline", "PYTHONPATH": str(NOTEBOOKS.parent)}
    start = time.perf_counter()
    with client.setup_kernel(env=environment):
        peak = Peak(client.km.provisioner.pid)
        peak.start()
        for index, cell in enumerate(book.cells):
            client.execute_cell(cell, index)
        peak.over.set()
        peak.join()
    return {
        "kernel_rss_mb": round(peak.rss),
        "kernel_pss_mb": peak.pss and round(peak.pss),
        "minutes": round((time.perf_counter() - start) / 60, 1),
    }


def server(seconds: float = 8) -> int | None:
    """Resident memory of a JupyterLab server some seconds after its start, in MB; None where there is none."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--port=0",
        "--ServerApp.port_retries=50",
        f"--ServerApp.root_dir={NOTEBOOKS}",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        peak = Peak(process.pid)
        peak.start()
        time.sleep(seconds)
        there = process.poll() is None
        peak.over.set()
        peak.join()
        process.terminate()
    return round(peak.rss) if there else None


def measure(name: str = "04_mnist_gan", pace: str = "lesson") -> dict:
    """What the notebook's kernel took at most, what a server takes, and by which builds."""
    import torch

    return {
        "notebook": name,
        "pace": pace,
        "torch": torch.__version__,
        "cuda_build": torch.version.cuda,
        "python": platform.python_version(),
        "threads": torch.get_num_threads(),
        **kernel(name, pace),
        "server_rss_mb": server(),
    }


if __name__ == "__main__":
    print(as_json(measure(*sys.argv[1:]), indent=1))
