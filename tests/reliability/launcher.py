"""Starts the program again and again without its long way up: a process loads it once and forks.

Each command runs in a child process of its own, which can be killed; whoever kills it stands
outside. Runs as `python -m tests.reliability.launcher DESCRIPTOR`; `program.Launcher` is the other
end.
"""

import ctypes
import json
import os
import signal
import socket
import sys
from importlib import import_module

from learnsite_desktop.cli.commands import COMMANDS
from learnsite_desktop.cli.main import main as run_command


class _Head(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def give_up_rights() -> None:
    """Be bound by the rights of files from now on, as everybody but root is."""
    nothing = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(ctypes.byref(_Head(0x20080522, 0)), nothing):
        raise OSError(ctypes.get_errno(), "capset")


def child(words: list[str], stdin: int, stdout: int, *, bound: bool) -> None:
    """Become the program with these words; never returns."""
    if bound:
        give_up_rights()
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(stdin, 0)
    os.dup2(stdout, 1)
    os.dup2(silent, 2)
    os.closerange(3, 256)
    sys.argv = ["learnsite", *words]
    sys.stdin = os.fdopen(0, "r")
    sys.stdout = os.fdopen(1, "w")
    try:
        run_command(lambda _called: None)
    except SystemExit as end:
        sys.stdout.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)
    finally:
        os._exit(0)


def main() -> None:
    """Fork for each order; "end" kills the child and tells how it ended."""
    for target in COMMANDS.values():
        import_module(target.partition(":")[0])
    orders = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        raw, handles, _flags, _sender = socket.recv_fds(orders, 1 << 20, 2)
        if not raw:
            return
        order = json.loads(raw)
        if "end" in order:
            os.kill(order["end"], signal.SIGKILL)
            _pid, status = os.waitpid(order["end"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if answer == 0:
                orders.close()
                child(order["words"], *handles, bound=order["bound"])
            for handle in handles:
                os.close(handle)
        orders.sendall(f"{answer}\n".encode())


if __name__ == "__main__":
    main()
