"""Where it ran: Python, host, processors, memory, accelerators, and what started it."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._record.confidential import is_secret_name, masked

_SECONDS = 5
# Variables that change what a training does. More by CUMULOG_RECORD_ENVIRONMENT, separated by commas.
_VARIABLES = (
    *(
        "PYTHONHASHSEED",
        "CUDA_VISIBLE_DEVICES",
        "CUDA_LAUNCH_BLOCKING",
        "CUBLAS_WORKSPACE_CONFIG",
        "HIP_VISIBLE_DEVICES",
    ),
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    *(
        "TF_DETERMINISTIC_OPS",
        "TF_CUDNN_DETERMINISTIC",
        "XLA_FLAGS",
        "TOKENIZERS_PARALLELISM",
        "PYTORCH_CUDA_ALLOC_CONF",
    ),
    *("WORLD_SIZE", "RANK", "LOCAL_RANK", "CONDA_DEFAULT_ENV", "VIRTUAL_ENV", "TZ", "LANG"),
)
_PREFIXES = ("MKL_", "NCCL_", "OMP_", "KMP_", "CUDNN_", "NVIDIA_TF32")
# What started the process, by a variable that it sets, and those that say more.
_LAUNCHERS: Mapping[str, tuple[str, ...]] = {
    "SLURM_JOB_ID": ("SLURM_JOB_ID", "SLURM_JOB_NAME", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_NTASKS"),
    "AWS_BATCH_JOB_ID": ("AWS_BATCH_JOB_ID", "AWS_BATCH_JOB_ATTEMPT", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JQ_NAME"),
    "TRAINING_JOB_NAME": ("TRAINING_JOB_NAME", "SM_CURRENT_HOST", "SM_NUM_GPUS", "SM_CURRENT_INSTANCE_TYPE"),
    "AWS_LAMBDA_FUNCTION_NAME": (
        *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_REGION"),
    ),
    "GITHUB_RUN_ID": ("GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_WORKFLOW", "GITHUB_REPOSITORY", "GITHUB_SHA"),
    "KUBERNETES_SERVICE_HOST": ("HOSTNAME", "POD_NAME", "POD_NAMESPACE", "NODE_NAME", "JOB_COMPLETION_INDEX"),
    "COLAB_RELEASE_TAG": ("COLAB_RELEASE_TAG",),
    "CI": ("CI",),
}
_MODEL = "model name"


def python() -> dict[str, Any]:
    return {
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "is_virtual_environment": sys.prefix != sys.base_prefix,
        "flags": [name for name in dir(sys.flags) if not name.startswith("_") and getattr(sys.flags, name) is True],
    }


def host() -> dict[str, Any]:
    """Bytes, and numbers of processors: of the machine, and of those that this process may use."""
    return {
        "name": platform.node(),
        "platform": platform.platform(),
        "processor": _line_of("/proc/cpuinfo", _MODEL) or platform.processor(),
        "cpus": os.cpu_count(),
        "cpus_allowed": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "cpu_limit": _cpu_limit(),
        "memory_bytes": _kilobytes("/proc/meminfo", "MemTotal"),
        "memory_limit_bytes": _number(Path("/sys/fs/cgroup/memory.max")),
        "container": _container(),
    }


def accelerators() -> list[dict[str, str]]:
    """GPUs, as nvidia-smi lists them; none where it is missing or says nothing within five seconds."""
    command = shutil.which("nvidia-smi")
    if not command:
        return []
    names = ("name", "uuid", "memory.total", "driver_version")
    try:
        done = subprocess.run(  # noqa: S603 - nothing of it comes from outside
            [command, f"--query-gpu={','.join(names)}", "--format=csv,noheader"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    rows = [[each.strip() for each in line.split(",")] for line in done.stdout.splitlines()]
    return [dict(zip(names, row, strict=True)) for row in rows if len(row) == len(names)] if not done.returncode else []


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables that are recorded, without what looks like a secret."""
    asked = {name.strip() for name in variables.get("CUMULOG_RECORD_ENVIRONMENT", "").split(",")}
    names = [name for name in variables if name in _VARIABLES or name in asked or name.startswith(_PREFIXES)]
    return {name: masked(variables[name]) for name in sorted(names) if not is_secret_name(name)}


def launcher(variables: Mapping[str, str]) -> dict[str, str]:
    """What the scheduler or service that started the process says of the job."""
    for sign, names in _LAUNCHERS.items():
        if variables.get(sign):
            return {name: masked(variables[name]) for name in names if variables.get(name)}
    return {}


def blas_threads() -> list[dict[str, Any]]:
    """The threads of the numeric libraries that are loaded, if threadpoolctl is: nothing is imported for it."""
    module = sys.modules.get("threadpoolctl")
    names = ("internal_api", "version", "num_threads", "threading_layer")
    found = module.threadpool_info() if module is not None else []
    return [{name: each.get(name) for name in names if each.get(name) is not None} for each in found]


def _container() -> str:
    if Path("/.dockerenv").exists():
        return "docker"
    return "podman" if Path("/run/.containerenv").exists() else ""


def _cpu_limit() -> float | None:
    """How many processors the control group allows."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return None if quota == "max" else int(quota) / int(period)
    except (OSError, ValueError):
        return None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _line_of(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _kilobytes(path: str, name: str) -> int | None:
    text = _line_of(path, name).removesuffix("kB").strip()
    return int(text) * 1024 if text.isdigit() else None
