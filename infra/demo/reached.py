"""`python -m infra.demo.reached URL`: whether a Cumulog answers there; exit code 2, and what to do, when none does."""

import sys

from infra.local import server


def main(url: str) -> int:
    """The exit code."""
    if server.is_cumulog(url):
        return 0
    print(
        f"cumulog: No Cumulog answers at {url}. Start one in another terminal and call this again:\n\n"
        "    make up\n\n"
        "If yours has another address, name it: make demo URL=http://127.0.0.1:5001",
        file=sys.stderr,
    )
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1].rstrip("/")))
