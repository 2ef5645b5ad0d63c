"""Runs a command and writes what it cost: measure.py RESULT COMMAND [ARGUMENT...].

RESULT becomes a JSON object of wall, user and system seconds, peak memory in bytes and the exit status, as the
operating system accounts for the finished process with all of its threads.
"""

import json
import os
import subprocess
import sys
import time

started = time.monotonic()
process = subprocess.Popen(sys.argv[2:])
_, status, usage = os.wait4(process.pid, 0)
wall = time.monotonic() - started

with open(sys.argv[1], "w", encoding="ascii") as result:
    json.dump(
        {
            "wallSeconds": wall,
            "userSeconds": usage.ru_utime,
            "systemSeconds": usage.ru_stime,
            "peakBytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
            "exitStatus": os.waitstatus_to_exitcode(status),
        },
        result,
    )
