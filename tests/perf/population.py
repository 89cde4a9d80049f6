"""Runs to search among: as many as wanted, the same ones each time, and known how many of them a search must find.

Each has 15 metrics, 20 params and 10 tags. What a search asks for is dealt out like cards to every thousand runs, so
exactly 1 of a thousand has a `val_loss` below 0.001, 10 have one between 0.4 and 0.41, 100 have the optimizer "adamw",
50 a model whose name begins with "resnet", 300 the team "vision": in each thousand in another order, and each of these
without regard to the others. Everything else is random, and as ragged as real runs are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from random import Random
from typing import Any, NamedTuple

SEED = "cumulog"
BLOCK = 1_000
# One starts ten seconds after the other, from November 2023 on, and lasts for less than a minute.
FIRST_START_MS = 1_700_000_000_000
APART_MS = 10_000
_LASTS_MS = 45_000
# More than any experiment has.
_NUMBERS_APART = 1_000_000

OPTIMIZERS = ("adadelta", "adagrad", "adam", "adamax", "adamw", "lamb", "lion", "nadam", "rmsprop", "sgd")
TEAMS = (*["vision"] * 3, *["language"] * 4, *["audio"] * 2, "robotics")
_RESNETS = ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152")
_OTHER_MODELS = ("bert-base", "bert-large", "convnext-tiny", "efficientnet-b0", "gpt-small", "swin-base", "vit-base")


@dataclass(frozen=True)
class Span:
    """The runs with the numbers from `first` on, `count` of them; those of one experiment."""

    experiment_id: str
    first: int
    count: int


class Traits(NamedTuple):
    """What searches ask about a run; the rest of it follows from these (`generated`)."""

    number: int
    run_id: str
    start_time: int
    val_loss: float
    val_accuracy: float
    optimizer: str
    model_name: str
    team: str


@dataclass(frozen=True)
class GeneratedRun:
    """A finished run. Each metric has one point, logged when the run ended; `tags` are without the name's."""

    traits: Traits
    name: str
    user: str
    end_time: int
    metrics: Mapping[str, float]
    params: Mapping[str, str]
    tags: Mapping[str, str]


def spans(sizes: Sequence[int]) -> list[Span]:
    """So many runs in experiment 1, so many in experiment 2, and so on; no run in two of them."""
    return [Span(str(number), number * _NUMBERS_APART, size) for number, size in enumerate(sizes, start=1)]


def traits(span: Span) -> Iterator[Traits]:
    """The runs of a span, in the order in which they started."""
    first, count = span.first, span.count
    blocks = map(_block, range(first // BLOCK, (first + count - 1) // BLOCK + 1))
    return islice(chain.from_iterable(blocks), first % BLOCK, first % BLOCK + count)


def generated(own: Traits) -> GeneratedRun:
    """The whole run."""
    chance = Random(f"{SEED} run {own.number}")
    return GeneratedRun(
        traits=own,
        name=f"{own.model_name}-{own.optimizer}-{own.number}",
        user=chance.choice(("ada", "alan", "edsger", "grace")),
        end_time=own.start_time + _LASTS_MS,
        metrics=_metrics(own, chance),
        params=_params(own, chance),
        tags=_tags(own, chance),
    )


def create_body(run: GeneratedRun, experiment_id: str) -> dict[str, Any]:
    """The body of runs/create."""
    return {
        "experiment_id": experiment_id,
        "run_name": run.name,
        "user_id": run.user,
        "start_time": run.traits.start_time,
        "tags": _pairs(run.tags),
    }


def batch_body(run: GeneratedRun, run_id: str) -> dict[str, Any]:
    """The body of runs/log-batch, for the run that was created."""
    points = [{"key": key, "value": value, "timestamp": run.end_time, "step": 0} for key, value in run.metrics.items()]
    return {"run_id": run_id, "params": _pairs(run.params), "metrics": points}


def _block(number: int) -> Iterator[Traits]:
    chance = Random(f"{SEED} block {number}")
    losses, optimizers, models, teams = (chance.sample(range(BLOCK), BLOCK) for _ in range(4))
    for place in range(BLOCK):
        at = number * BLOCK + place
        yield Traits(
            number=at,
            run_id=f"{chance.getrandbits(128):032x}",
            start_time=FIRST_START_MS + at * APART_MS,
            val_loss=(losses[place] + chance.random()) / BLOCK,
            val_accuracy=chance.random(),
            optimizer=OPTIMIZERS[optimizers[place] * len(OPTIMIZERS) // BLOCK],
            model_name=chance.choice(_RESNETS if models[place] < BLOCK // 20 else _OTHER_MODELS),
            team=TEAMS[teams[place] * len(TEAMS) // BLOCK],
        )


def _metrics(own: Traits, chance: Random) -> dict[str, float]:
    return {
        "train_loss": own.val_loss * chance.uniform(0.5, 1),
        "val_loss": own.val_loss,
        "train_accuracy": chance.random(),
        "val_accuracy": own.val_accuracy,
        **{key: chance.random() for key in ("f1", "precision", "recall", "auc", "calibration_error")},
        "learning_rate": 10 ** chance.uniform(-6, -2),
        "grad_norm": chance.lognormvariate(0, 2),
        "perplexity": chance.lognormvariate(2, 1),
        "samples_per_second": chance.uniform(100, 10_000),
        "gpu_memory_gb": chance.uniform(1, 80),
        "epochs": float(chance.randrange(1, 200)),
    }


def _params(own: Traits, chance: Random) -> dict[str, str]:
    return {
        "model_name": own.model_name,
        "optimizer": own.optimizer,
        "lr": repr(10 ** chance.uniform(-6, -2)),
        "batch_size": str(2 ** chance.randrange(3, 11)),
        "max_epochs": str(chance.randrange(1, 200)),
        "seed": str(chance.randrange(100_000)),
        **{key: f"{chance.random():.4f}" for key in ("dropout", "weight_decay", "momentum", "label_smoothing")},
        "scheduler": chance.choice(("constant", "cosine", "linear", "one_cycle")),
        "warmup_steps": str(chance.randrange(0, 2_000, 100)),
        "precision": chance.choice(("16-mixed", "32", "bf16-mixed")),
        "gradient_clip_val": chance.choice(("0.5", "1.0", "None")),
        "hidden_size": str(chance.choice((256, 512, 768, 1024))),
        "num_layers": str(chance.randrange(2, 49)),
        "augmentation": chance.choice(("autoaugment", "mixup", "none", "randaugment")),
        "dataset": f"s3://datasets/{own.team}/v{chance.randrange(20)}",
        "num_workers": str(chance.randrange(17)),
        "early_stopping": chance.choice(("False", "True")),
    }


def _tags(own: Traits, chance: Random) -> dict[str, str]:
    return {
        "team": own.team,
        "priority": chance.choice(("high", "low", "normal")),
        "cluster": f"gpu-{chance.randrange(40):02d}",
        "release": f"2024.{chance.randrange(1, 13)}",
        "reviewed": chance.choice(("no", "yes")),
        "note": f"sweep {chance.randrange(500)}, trial {own.number}",
        "mlflow.source.type": "LOCAL",
        "mlflow.source.name": f"train_{own.team}.py",
        "mlflow.source.git.commit": f"{chance.getrandbits(160):040x}",
    }


def _pairs(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in texts.items()]
