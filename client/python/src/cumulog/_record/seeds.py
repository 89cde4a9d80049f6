"""Seeds that a script has set, so that whoever runs it again can set them too."""

from cumulog._fluent.face import run_to_log_to
from cumulog._fluent.quiet import quiet


@quiet
def declare_seeds(**seeds: int) -> None:
    """Note the seeds that the script has given to its random generators: `declare_seeds(numpy=1, torch=1)`.

    They become tags of the active run, `cumulog.seed.numpy` and so on. Nothing is seeded by this.
    """
    run_to_log_to().tags({f"cumulog.seed.{name}": seed for name, seed in seeds.items()})
