"""Reads every table of a set and holds each number against the literal loop: check_tables.py FOLDER START END."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "bench"))
from literal_loop import signature_of  # noqa: E402


def check(folder: pathlib.Path, start: int, end: int) -> str | None:
    """What is wrong with the table set, or None."""
    seen = bytearray(end - start)
    for path in sorted(folder.glob("*.json")):
        if path.name == "manifest.json":
            continue
        for key, numbers in json.loads(path.read_bytes()).items():
            if any(a >= b for a, b in zip(numbers, numbers[1:])):
                return f"{path.name}: the numbers of {key} do not ascend"
            for number in numbers:
                if not start <= number < end or seen[number - start]:
                    return f"{path.name}: {number} is outside the range or stands twice"
                if signature_of(number) != key:
                    return f"{path.name}: {number} stands under {key}, not {signature_of(number)}"
                seen[number - start] = 1
    if sum(seen) != end - start:
        return f"{sum(seen)} numbers, expected {end - start}; the first missing is {start + seen.index(0)}"
    return None


fault = check(pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
print(fault or f"every number of {sys.argv[2]}..{sys.argv[3]} stands once, under its signature")
sys.exit(1 if fault else 0)
