"""System metrics of a run, in MLflow's names: `system/cpu_utilization_percentage` and so on.

A thread samples what psutil says of the machine, and NVIDIA's library of its GPUs if nvidia-ml-py is installed, every
ten seconds (MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL), and logs the mean of some samples
(MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING). With MLFLOW_SYSTEM_METRICS_NODE_ID names have the node in them.
"""

import os
import threading
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from cumulog._fluent.quiet import told
from cumulog._fluent.runs import Run, once

_MEGABYTE = 1e6
_SECONDS = 10.0


class Sampler:
    """Samples for one run until it ends."""

    def __init__(self, run: Run, variables: Mapping[str, str]) -> None:
        self._run = run
        self._process = os.getpid()
        self._seconds = max(0.1, _number(variables, "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", _SECONDS))
        self._several = max(1, int(_number(variables, "MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", 1)))
        node = variables.get("MLFLOW_SYSTEM_METRICS_NODE_ID", "")
        self._before = f"system/{node}/" if node else "system/"
        self._has_ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="cumulog-system", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._run.at_end.append(self.stop)

    def stop(self) -> None:
        """Log nothing any more: the run ends."""
        self._has_ended.set()
        if self._process == os.getpid():
            self._thread.join(1.0)

    def _work(self) -> None:
        try:
            machine = Machine()
            step = 0
            while not self._has_ended.is_set():
                samples = [sample for _ in range(self._several) if (sample := self._next(machine))]
                if samples and not self._has_ended.is_set():
                    self._run.metrics({self._before + name: _mean(samples, name) for name in samples[-1]}, step, None)
                    step += 1
        except Exception as error:  # noqa: BLE001 - a library that looks at a machine may raise anything
            once(f"System metrics are not logged any more: {told(error)}")

    def _next(self, machine: "Machine") -> dict[str, float]:
        """A sample after the interval; none if the run ended meanwhile."""
        return {} if self._has_ended.wait(self._seconds) else machine.sample()


class Machine:
    """What is sampled. Raises ImportError without psutil."""

    def __init__(self) -> None:
        self._psutil = import_module("psutil")
        # The first reading says nothing.
        self._psutil.cpu_percent()
        self._network = self._psutil.net_io_counters()
        self._gpus = _gpus()

    def sample(self) -> dict[str, float]:
        """The metrics now; of the network since the beginning."""
        memory, disk = self._psutil.virtual_memory(), self._psutil.disk_usage(os.sep)
        network = self._psutil.net_io_counters()
        found = {
            "cpu_utilization_percentage": self._psutil.cpu_percent(),
            "system_memory_usage_megabytes": memory.used / _MEGABYTE,
            "system_memory_usage_percentage": memory.used / memory.total * 100,
            "disk_usage_percentage": disk.percent,
            "disk_usage_megabytes": disk.used / _MEGABYTE,
            "disk_available_megabytes": disk.free / _MEGABYTE,
            "network_receive_megabytes": (network.bytes_recv - self._network.bytes_recv) / _MEGABYTE,
            "network_transmit_megabytes": (network.bytes_sent - self._network.bytes_sent) / _MEGABYTE,
        }
        for number, gpu in enumerate(self._gpus):
            found.update({f"gpu_{number}_{name}": value for name, value in _of_gpu(gpu).items()})
        return found


def begin(run: Run) -> None:
    """Sample for a run until it ends. Without psutil a sentence says what to install."""
    try:
        import_module("psutil")
    except ImportError:
        once("System metrics are not logged: they need psutil. Install it: pip install psutil")
        return
    Sampler(run, os.environ).start()


def _gpus() -> list[Any]:
    """The GPUs, as NVIDIA's library knows them; none without it."""
    try:
        nvidia = import_module("pynvml")
        nvidia.nvmlInit()
        return [nvidia.nvmlDeviceGetHandleByIndex(number) for number in range(nvidia.nvmlDeviceGetCount())]
    except Exception:  # noqa: BLE001 - without a GPU the library raises an error of its own
        return []


def _of_gpu(gpu: Any) -> dict[str, float]:
    nvidia = import_module("pynvml")
    memory = nvidia.nvmlDeviceGetMemoryInfo(gpu)
    watts = nvidia.nvmlDeviceGetPowerUsage(gpu) / 1000
    most = nvidia.nvmlDeviceGetEnforcedPowerLimit(gpu) / 1000
    return {
        "memory_usage_megabytes": memory.used / _MEGABYTE,
        "memory_usage_percentage": memory.used / memory.total * 100,
        "utilization_percentage": nvidia.nvmlDeviceGetUtilizationRates(gpu).gpu,
        "power_usage_watts": watts,
        "power_usage_percentage": watts / most * 100,
    }


def _mean(samples: list[dict[str, float]], name: str) -> float:
    return round(sum(sample[name] for sample in samples) / len(samples), 1)


def _number(variables: Mapping[str, str], name: str, otherwise: float) -> float:
    try:
        return float(variables.get(name) or otherwise)
    except ValueError:
        once(f"{name} is no number, so {otherwise:g} is used.")
        return otherwise
