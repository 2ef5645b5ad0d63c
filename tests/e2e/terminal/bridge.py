"""Runs a command in a pseudo-terminal: python3 bridge.py COLUMNS ROWS COMMAND...

What the command writes comes out on standard output. Standard input takes a JSON document per line:
{"press": "text"}, {"size": [columns, rows]} or {"signal": number}. The exit status is the command's, 128 + n for a signal.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios


def set_size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def obey(line, pid, fd):
    order = json.loads(line)
    if "press" in order:
        os.write(fd, order["press"].encode())
    if "size" in order:
        set_size(fd, *order["size"])
    if "signal" in order:
        os.kill(pid, order["signal"])


def pass_on(pid, fd):
    pending = b""
    sources = [fd, 0]
    while True:
        ready, _, _ = select.select(sources, [], [])
        if fd in ready:
            try:
                data = os.read(fd, 65536)
            except OSError:  # Linux says EIO once the last process has let go of the terminal
                return
            if not data:
                return
            os.write(1, data)
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                sources.remove(0)
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                obey(line, pid, fd)


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    pid, fd = pty.fork()
    if pid == 0:
        set_size(0, columns, rows)
        os.execvp(sys.argv[3], sys.argv[3:])
    pass_on(pid, fd)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


main()
