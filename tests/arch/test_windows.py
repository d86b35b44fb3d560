"""Nothing in the program is used that only Linux has, but for what is guarded and named here.

There is no Windows to run the program on where it is mostly written; this looks at its source.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.arch.source import modules

MODULES = "crypt fcntl grp nis posix pty pwd readline resource spwd syslog termios tty"
OS = """
O_CLOEXEC O_DIRECT O_DIRECTORY O_DSYNC O_NOCTTY O_NOFOLLOW O_NONBLOCK O_PATH O_SYNC
WEXITSTATUS WIFEXITED WIFSIGNALED WNOHANG chown chroot confstr copy_file_range ctermid
fchdir fchmod fchown fdatasync fork forkpty fpathconf fstatvfs getegid geteuid getgid
getgroups getloadavg getpgid getpgrp getpriority getresuid getsid getuid getxattr initgroups
killpg lchown listxattr lockf major memfd_create minor mkfifo mknod nice openpty pathconf
pidfd_open pipe2 posix_fadvise posix_fallocate posix_spawn posix_spawnp pread preadv pwrite
pwritev readv register_at_fork sched_getaffinity sched_setaffinity sched_yield sendfile
setegid seteuid setgid setgroups setpgid setpriority setsid setuid setxattr splice statvfs
symlink sync sysconf tcgetpgrp ttyname uname wait wait3 wait4 waitid writev
"""
SIGNAL = """
SIGALRM SIGCHLD SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGUSR1 SIGUSR2 alarm pause setitimer
sigwait
"""
FOREIGN_MODULES = frozenset(MODULES.split())
FOREIGN_NAMES = {
    "os": frozenset(OS.split()),
    "signal": frozenset(SIGNAL.split()),
    "socket": frozenset({"AF_UNIX"}),
    "time": frozenset({"clock_gettime", "tzset"}),
}
FOREIGN_METHODS = frozenset({"symlink_to", "hardlink_to", "lchmod"})
GUARDED = {
    ("platform/session.py", "os.geteuid"),
    # Only the child that reads pictures limits itself, and only where there is such a thing.
    ("paint/photo_child.py", "resource"),
}


def foreign(tree: ast.AST) -> Iterator[str]:
    """Yield what a module uses that Windows has not."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name in FOREIGN_MODULES)
            case ast.ImportFrom(module=str(module), names=names):
                if module in FOREIGN_MODULES:
                    yield module
                here = FOREIGN_NAMES.get(module, frozenset())
                yield from (f"{module}.{one.name}" for one in names if one.name in here)
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                if name in FOREIGN_NAMES.get(module, frozenset()):
                    yield f"{module}.{name}"
                elif name in FOREIGN_METHODS:
                    yield name
            case ast.Attribute(attr=name) if name in FOREIGN_METHODS:
                yield name


def test_nothing_that_only_linux_has() -> None:
    """What is guarded must still be there: a line too many would let it come back unguarded."""
    found = {(module.name, what) for module in modules() for what in foreign(module.tree)}
    assert found == GUARDED


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("import os\nos.fork()", "os.fork"),
        ("from os import getuid", "os.getuid"),
        ("import fcntl", "fcntl"),
        ("from resource import setrlimit", "resource"),
        ("import signal\nsignal.SIGKILL", "signal.SIGKILL"),
        ("Path('a').symlink_to('b')", "symlink_to"),
    ],
)
def test_it_would_be_seen(source: str, what: str) -> None:
    assert what in set(foreign(ast.parse(source)))
