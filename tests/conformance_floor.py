"""Compares how many conformance tests pass, area by area, with the floor; with --floor, writes the floor anew.

The floor is what was reached: a change that lets it fall says why, and lowers it by hand.
"""
import json
import pathlib
import re
import sys

FLOOR = pathlib.Path(__file__).with_name("conformance-floor.json")


def main(results, option=""):
    passing = {}
    for file in sorted(pathlib.Path(results).glob("*.txt")):
        found = re.search(r"^(\d+) passed, (\d+) failed", file.read_text(), re.MULTILINE)
        if not found:
            raise SystemExit(f"conformance: no result for {file.stem}:\n{file.read_text()[-2000:]}")
        passed, failed = map(int, found.groups())
        passing[file.stem] = passed
        print(f"conformance: {file.stem}: {passed} of {passed + failed}, {100 * passed / (passed + failed):.1f} %")
    if option == "--floor":
        FLOOR.write_text(json.dumps(passing, indent=4) + "\n")
        return
    if not FLOOR.exists():
        print("conformance: no floor yet: tests/run --floor writes it")
        return
    floor = json.loads(FLOOR.read_text())
    fallen = {area: (floor[area], passing.get(area, 0)) for area in floor if passing.get(area, 0) < floor[area]}
    if fallen:
        raise SystemExit(f"conformance: below the floor: {fallen}")


main(*sys.argv[1:])
