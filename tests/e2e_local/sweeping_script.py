"""Sweeps without pause until it is killed, at the moment given (ms): started by test_index_kill.py."""

import sys

from chalicelib import clock
from chalicelib.sweeper.sweep import sweep


def main() -> None:
    """Say that the imports are done, then sweep. Once nothing is open any more there is nothing to die of."""
    with clock.frozen(int(sys.argv[1])):
        print("sweeping", flush=True)
        while sweep():
            pass


if __name__ == "__main__":
    main()
