"""The signature's definition, loop and all, on as many processes as asked for, as a peer to measure against.

literal_loop.py START END CHUNK PROCESSES FOLDER writes one JSON table per chunk of numbers into FOLDER.
"""

import json
import multiprocessing
import os
import sys


def signature_of(n: int) -> str:
    """The reduced signature of a whole number from 10 on, step by step as it is defined."""
    steps = 1
    while True:
        power = 10 ** (len(str(n)) - 2)
        steps += 1
        for _ in range(10):
            if n - power > 10:
                n -= power
        if len(str(n)) == 2:
            return f"{steps:02d}{n}"


def write_table(job: tuple[int, int, str]) -> int:
    """Groups the numbers of [start, end) and writes their table; returns how many there are."""
    start, end, folder = job
    table: dict[str, list[int]] = {}
    for n in range(start, end):
        table.setdefault(signature_of(n), []).append(n)
    with open(os.path.join(folder, f"{start}-{end}.json"), "w", encoding="ascii") as file:
        json.dump(table, file, separators=(",", ":"))
    return end - start


def main() -> None:
    start, end, chunk, processes = map(int, sys.argv[1:5])
    folder = sys.argv[5]
    bounds = [start, *range((start // chunk + 1) * chunk, end, chunk), end]
    jobs = [(a, b, folder) for a, b in zip(bounds, bounds[1:])]
    with multiprocessing.Pool(processes) as pool:
        print(sum(pool.imap_unordered(write_table, jobs)))


if __name__ == "__main__":
    main()
