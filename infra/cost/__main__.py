"""`python -m infra.cost [--json]`: print the bill, and write it into infra/docs/costs.md."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from infra.cost import bill, measured, report
from infra.cost.workload import Assumed, Month

PAGE = Path(__file__).resolve().parents[1] / "docs" / "costs.md"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.cost", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print all lines as JSON and leave the page alone")
    found, prices = measured.load(), bill.load_prices()
    if parser.parse_args(arguments).json:
        lines = report.bills(found, prices, Month(), Assumed())
        print(json.dumps({name: [asdict(line) for line in several] for name, several in lines.items()}, indent=2))
        return 0
    text = report.text(found, prices, Month(), Assumed())
    PAGE.write_text(report.replaced(PAGE.read_text(), text))
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
