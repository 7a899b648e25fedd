"""Processes that belong together: how they are started on one machine, find each other, and end.

accelerate joins them, over torch.distributed: gloo between processors, nccl between GPUs. Belongs to 12_scaling.
"""

from __future__ import annotations

import io
import logging
import os
import platform
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import timedelta
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TextIO

import torch
from torch import distributed

import gan_edu
from gan_edu.core.safety.checked import integer
from gan_edu.core.training import device as devices, threads

if TYPE_CHECKING:
    from accelerate import PartialState

WAIT = timedelta(minutes=10)  # for a process that does not answer; one that has ended is noticed at once
LET = 1.0  # seconds after which a process that misses another ends, so that who started them sees that one end first
RESUME = "The run goes on from its last checkpoint: start it once more, in the same way"
MISSING = "many processes need the package accelerate: pip install accelerate, or pip install 'gan_edu[work]'"


class Ended(ConnectionError):
    """A process of those that train together has ended, so that the others do, too."""


@contextmanager
def process_group() -> Iterator[tuple[int, int, torch.device]]:
    """(number of this process, of how many, its device), all connected inside. Raises OSError, ValueError."""
    if int(os.environ.get("WORLD_SIZE", 1)) == 1:
        yield 0, 1, devices.pick()
        return
    from_accelerate(on_a_gpu := devices.pick().type == "cuda")
    local = int(os.environ.get("LOCAL_WORLD_SIZE", 1))
    if on_a_gpu and int(os.environ.get("LOCAL_RANK", 0)) >= torch.cuda.device_count():
        raise ValueError(_too_few(local))
    if not threads.of_ones_own():
        torch.set_num_threads(max(1, threads.cores() // local))
        os.environ["OMP_NUM_THREADS"] = str(torch.get_num_threads())
    state = _connected(on_a_gpu)
    same_versions()
    yield state.process_index, state.num_processes, state.device
    state.wait_for_everyone()
    distributed.destroy_process_group()  # ends gloo's threads, which at the end of Python may abort the process
    state._reset_state()


def launch(processes: int, function: Callable, *arguments: object, port: int | None = None) -> None:
    """Call function(*arguments) in so many processes of this machine, and wait for their end; in each, `joined` holds.

    It is accelerate's notebook_launcher: the processes are copies of this one, so that a function of a notebook's cell
    will do. On GPUs each needs one, which nobody has used in this process before. port: where they meet, any free one
    if None. Raises ValueError for more processes than GPUs, OSError for a port in use, Ended where one of them failed.
    """
    integer("processes", processes, 1, 1024)
    if processes == 1:
        function(*arguments)
        return
    os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")  # to be asked for a GPU in another way spoils copies
    from_accelerate(on_a_gpu := devices.pick().type == "cuda")
    if on_a_gpu and processes > torch.cuda.device_count():
        raise ValueError(_too_few(processes))
    from accelerate import notebook_launcher
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError

    meet: dict[str, Any] = (
        {"rdzv_backend": "c10d", "rdzv_endpoint": "localhost:0"} if port is None else {"use_port": str(free(port))}
    )
    heard = sys.stdout
    threads.give_back_threads()  # a copy would wait for those of the original for ever
    try:
        with (
            _in_one_word(),
            redirect_stdout(io.StringIO()),
        ):  # accelerate says "2 CUDAs" where there are only processors
            started = _in_colab if alone_in_colab() else notebook_launcher
            started(_heard, (heard, function, *arguments), num_processes=processes, **meet)
    except ChildFailedError as error:
        rank, failure = error.get_first_failure()
        raise Ended(
            f"process {rank} of {processes} {_end(failure.exitcode)}; the others were ended. {RESUME}"
        ) from None
    except SignalException as error:
        if error.sigval == signal.SIGINT:
            raise KeyboardInterrupt from None
        raise Ended(f"the run was ended by {error.sigval.name}. {RESUME}") from None


def alone_in_colab() -> bool:
    """Whether accelerate would call the function once, in this process: it does so in Colab without several GPUs."""
    kernel = sys.modules.get("IPython")
    return kernel is not None and "google.colab" in str(kernel.get_ipython()) and torch.cuda.device_count() < 2


def _in_colab(function: Callable, given: tuple, num_processes: int, **meet: Any) -> None:
    """What accelerate's notebook_launcher does elsewhere."""
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    where = f"localhost:{meet.get('use_port', 0)}"
    config = LaunchConfig(
        1, 1, num_processes, rdzv_endpoint=where, rdzv_backend="c10d", max_restarts=0, start_method="fork"
    )
    elastic_launch(config, function)(*given)


def _heard(stdout: TextIO, function: Callable, *arguments: object) -> None:
    """The function in a copy: what it says is heard, and what it raises is told as Python tells it."""
    sys.stdout = stdout
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a copy would have what handles them in the original, and where it
    signal.signal(signal.SIGINT, signal.default_int_handler)  # waits for others, hear nothing for 30 seconds
    try:
        function(*arguments)
    except Exception as error:
        first_speaks()
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(1)
    finally:
        stdout.flush()  # once its end is known, a process is ended, whatever it still has to write


def first_speaks() -> None:
    """Before a process tells of a fault: of one that all have the first tells, and the others are ended meanwhile."""
    if os.environ.get("RANK", "0") != "0":
        time.sleep(LET)


@contextmanager
def _in_one_word() -> Iterator[None]:
    """Inside, torch's own pages about a process that failed are not logged."""
    logs = [logging.getLogger(f"torch.{name}") for name in ("distributed.elastic", "multiprocessing")]
    before = [log.level for log in logs]
    try:
        for log in logs:
            log.setLevel(logging.CRITICAL)
        yield
    finally:
        for log, level in zip(logs, before, strict=True):
            log.setLevel(level)


def from_accelerate(on_a_gpu: bool) -> None:
    """Raise OSError where there is not what it takes: accelerate, torch.distributed, gloo or nccl."""
    if find_spec("accelerate") is None:
        raise OSError(MISSING)
    backend = "nccl" if on_a_gpu else "gloo"
    there = distributed.is_available() and getattr(distributed, f"is_{backend}_available")()
    if not there:
        cure = "GAN_EDU_DEVICE=cpu trains on processors, over gloo" if on_a_gpu else "train in one process"
        raise OSError(f"this torch {torch.__version__} has no {backend}, which processes talk through here: {cure}")


def free(port: int) -> int:
    """The port. Raises OSError where another program has it."""
    integer("port", port, 1, 65_535)
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError as error:
            raise OSError(
                f"port {port} cannot be had ({error.strerror}): give another, or none, for any free"
            ) from None
    return port


def same_versions() -> None:
    """Raise ValueError where processes have other versions, as machines of a cluster may."""
    own = {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "gan_edu": gan_edu.__version__,
        **{name: metadata.version(name) for name in ("torch", "accelerate")},
    }
    everyone: list[dict[str, str]] = [{}] * distributed.get_world_size()
    distributed.all_gather_object(everyone, own)
    for rank, other in enumerate(everyone):
        first = everyone[0]
        if differ := [f"{name} {other[name]}, process 0 {first[name]}" for name in own if other[name] != first[name]]:
            raise ValueError(f"the processes have different versions: process {rank} has {'; '.join(differ)}")


def _connected(on_a_gpu: bool) -> PartialState:
    from accelerate import PartialState

    import_module("torch.distributed.nn.functional")  # its functions keep the group that is there when they are made

    where = f"{os.environ.get('MASTER_ADDR', '127.0.0.1')}:{os.environ.get('MASTER_PORT', '29500')}"
    try:
        return PartialState(cpu=not on_a_gpu, timeout=WAIT)
    except distributed.DistNetworkError as error:
        cause = "another program has this port" if "EADDRINUSE" in str(error) else str(error).splitlines()[0]
        raise OSError(f"the processes cannot meet at {where}: {cause}. Choose another MASTER_PORT") from error
    except distributed.DistStoreError as error:
        raise OSError(
            f"the processes cannot meet at {where}: within {WAIT} not all have come. Each needs its RANK, and all the "
            "same WORLD_SIZE, MASTER_ADDR and MASTER_PORT"
        ) from error


def _too_few(processes: int) -> str:
    return (
        f"{processes} processes need a GPU each, and this machine has {torch.cuda.device_count()}: take as many, or "
        "GAN_EDU_DEVICE=cpu"
    )


def _end(exitcode: int) -> str:
    return f"was ended by {signal.Signals(-exitcode).name}" if exitcode < 0 else "failed; what it said stands above"
