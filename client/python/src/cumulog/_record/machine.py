"""Where it ran: host, processors, memory, accelerators, and what started it."""

import os
import platform
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cumulog._record.confidential import is_secret_name, masked
from cumulog._record.programs import asked

_SECONDS = 5
_TABLES: Mapping[str, tuple[str, ...]] = {
    "NVIDIA": ("nvidia-smi", "--query-gpu=name,uuid,memory.total,driver_version", "--format=csv"),
    # Not tried on one.
    "AMD": ("rocm-smi", "--showproductname", "--showuniqueid", "--csv"),
}
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
    *("CUDA_DEVICE_ORDER", "ROCR_VISIBLE_DEVICES", "TPU_VISIBLE_CHIPS", "JAX_PLATFORMS", "JAX_ENABLE_X64"),
    *("NUMBA_NUM_THREADS", "BLIS_NUM_THREADS", "TF_ENABLE_ONEDNN_OPTS", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE"),
    *("PYTHONPATH", "PYTHONOPTIMIZE", "PYTHONUTF8", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "MASTER_ADDR"),
    *("WORLD_SIZE", "RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "CONDA_DEFAULT_ENV", "VIRTUAL_ENV", "TZ", "LANG"),
)
_PREFIXES = ("MKL_", "NCCL_", "OMP_", "KMP_", "CUDNN_", "NVIDIA_TF32", "GLOO_", "UCX_")
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


def has_accelerators() -> bool:
    """Whether there is a program to ask about them."""
    return bool(_programs())


def accelerators() -> list[dict[str, str]]:
    """GPUs, as the programs of their makers list them; none where they are missing or say nothing in time."""
    return [each for maker, command in _programs().items() for each in _listed(maker, command)]


def _programs() -> dict[str, list[str]]:
    """By maker: how to ask for a table with a line of names, and a line for each GPU."""
    return {maker: [*command] for maker, command in _TABLES.items() if shutil.which(command[0])}


def _listed(maker: str, command: list[str]) -> list[dict[str, str]]:
    answer = asked(command, _SECONDS)
    rows = [[each.strip() for each in line.split(",")] for line in answer.text.splitlines() if "," in line]
    # A name may have a unit, as in `memory.total [MiB]`; so has each value.
    names = [name.partition(" [")[0] for name in rows[0]] if rows else []
    return [{"maker": maker, **dict(zip(names, row, strict=False))} for row in rows[1:]]


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
