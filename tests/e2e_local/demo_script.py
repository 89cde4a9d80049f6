"""The demo with a small grid, twice: `python demo_script.py <URL>`."""

import sys

from infra.demo import play

SMALL = {"hidden_units": (8,), "learning_rate": (0.01, 0.03), "alpha": (0.01,)}

if __name__ == "__main__":
    for _ in range(2):
        print(play.summary(sys.argv[1], play.play(sys.argv[1], SMALL, epochs=5), seconds=0))
