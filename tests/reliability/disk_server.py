# Bytes and descriptors, as the kernel gives them.
# ruff: noqa: PTH101, PTH102, PTH104, PTH106, PTH108, PTH116
"""A disk in user space: it passes everything on to a folder, writes down what it was asked, and
fails, or kills who asks, when it is told to.

Runs as a process of its own (`python -m tests.reliability.disk_server FOLDER PLACE`) and takes
orders over a socket; `faulty_disk.FaultyDisk` is the other end. It needs no library for FUSE: it
speaks with the kernel over `/dev/fuse`.
"""

import ctypes
import errno
import os
import select
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from tests.reliability import fuse_wire as wire
from tests.reliability.journal import Event, Fault

ROOT: Final = 1
MARK: Final = b".mark-"
"""Looking for a file of this name is how a program says where it stands; there is none."""
_NOSUID_NODEV: Final = 6
_DETACH: Final = 2
_SILENT: Final = (wire.FORGET, wire.BATCH_FORGET, wire.INTERRUPT)
_CHANGES: Final = {
    wire.WRITE: "write", wire.CREATE: "create", wire.MKDIR: "mkdir", wire.UNLINK: "unlink",
    wire.RMDIR: "rmdir", wire.RENAME: "rename", wire.RENAME2: "rename", wire.FSYNC: "fsync",
    wire.FSYNCDIR: "fsyncdir", wire.SETATTR: "truncate",
}  # fmt: skip
_QUESTIONS: Final = {
    wire.LOOKUP: "lookup", wire.GETATTR: "getattr", wire.OPEN: "open", wire.READ: "read",
    wire.OPENDIR: "opendir", wire.READDIR: "readdir", wire.STATFS: "statfs",
}  # fmt: skip
NAMES: Final = {**_CHANGES, **_QUESTIONS}


class DiskServer:
    """One mounted folder."""

    def __init__(self, folder: Path, place: Path, orders: Connection) -> None:
        self._folder = os.fsencode(folder)
        self._place = os.fsencode(place)
        self._orders = orders
        self._paths: dict[int, bytes] = {ROOT: b""}
        self._nodes: dict[bytes, int] = {b"": ROOT}
        self._last = ROOT
        self._journal: list[Event] | None = None
        self._fault: Fault | None = None
        self._seen = 0
        self._struck: list[str] = []
        self._device = os.open("/dev/fuse", os.O_RDWR)
        self._answers: dict[int, Callable[[int, bytes], bytes]] = {
            wire.INIT: lambda _node, _body: wire.hello(),
            wire.LOOKUP: self._lookup, wire.GETATTR: self._getattr, wire.SETATTR: self._setattr,
            wire.MKDIR: self._mkdir, wire.UNLINK: self._unlink, wire.RMDIR: self._rmdir,
            wire.RENAME: self._rename, wire.RENAME2: self._rename, wire.OPEN: self._open,
            wire.READ: self._read, wire.WRITE: self._write, wire.STATFS: self._statfs,
            wire.RELEASE: self._release, wire.FSYNC: self._fsync, wire.OPENDIR: self._opendir,
            wire.READDIR: self._readdir, wire.FSYNCDIR: self._fsyncdir, wire.CREATE: self._create,
            wire.FLUSH: lambda _node, _body: b"", wire.RELEASEDIR: lambda _node, _body: b"",
            wire.ACCESS: lambda _node, _body: b"", wire.DESTROY: lambda _node, _body: b"",
        }  # fmt: skip

    def serve(self) -> None:
        """Mount the folder and answer until the other end closes its side."""
        libc = ctypes.CDLL(None, use_errno=True)
        options = f"fd={self._device},rootmode=40000,user_id=0,group_id=0,allow_other"
        if libc.mount(b"learnsite", self._place, b"fuse", _NOSUID_NODEV, options.encode()):
            self._orders.send(os.strerror(ctypes.get_errno()))
            return
        try:
            self._orders.send("")
            while True:
                ready, _, _ = select.select([self._device, self._orders.fileno()], [], [])
                if self._device in ready:
                    self._answer()
                elif not self._obey():
                    return
        finally:
            libc.umount2(self._place, _DETACH)

    def _obey(self) -> bool:
        """Carry out one order: a method's name and its arguments; False when there are no more."""
        try:
            name, *arguments = self._orders.recv()
        except EOFError:
            return False
        self._orders.send(getattr(self, name)(*arguments))
        return True

    def record(self) -> None:
        """Begin to write down, with what the disk holds now as already durable."""
        self._journal = []
        for parent, folders, files in os.walk(self._folder):
            top = os.path.relpath(parent, self._folder)
            base = b"" if top == b"." else top
            for name in folders:
                path = self._join(base, name)
                self._journal.append(Event("folder", self._node(path), path))
            for name in files:
                path = self._join(base, name)
                content = Path(os.fsdecode(self._folder + b"/" + path)).read_bytes()
                self._journal.append(Event("file", self._node(path), path, content=content))

    def written_down(self) -> list[Event]:
        """End writing down and return it."""
        found, self._journal = self._journal or [], None
        return found

    def arm(self, fault: Fault | None) -> tuple[int, list[str]]:
        """Set or end a fault; return how many asked for it since the last, and what was struck."""
        found = self._seen, self._struck
        self._fault, self._seen, self._struck = fault, 0, []
        return found

    def forget(self) -> None:
        """Take up what was changed in the folder behind the disk's back."""
        self._paths, self._nodes = {ROOT: b""}, {b"": ROOT}

    def _answer(self) -> None:
        try:
            raw = os.read(self._device, wire.BUFFER)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EINTR, errno.EAGAIN):
                return
            raise
        _size, code, unique, node, _uid, _gid, pid, _pad = wire.REQUEST.unpack_from(raw)
        if code in _SILENT:
            return
        answer, failure = b"", 0
        try:
            body = raw[wire.REQUEST.size :]
            cut = self._strike(code, node, body, pid)
            if cut and code == wire.WRITE:
                body = self._halved(body)
            if code not in self._answers:
                raise OSError(errno.ENOSYS, "")
            answer = self._answers[code](node, body)
        except OSError as error:
            failure = error.errno or errno.EIO
        # Who asked may be dead by now.
        with suppress(FileNotFoundError):
            os.write(self._device, wire.ANSWER.pack(16 + len(answer), -failure, unique) + answer)

    def _strike(self, code: int, node: int, body: bytes, pid: int) -> bool:
        """Fail or kill if it is this request's turn; True if only half of it is to be done."""
        fault, kind = self._fault, NAMES.get(code, "")
        if fault is None or kind not in fault.kinds or not pid:
            return False  # without a pid the kernel itself asks: it writes mapped pages back
        if code == wire.SETATTR and not wire.SETATTR_IN.unpack_from(body)[0] & wire.SIZE_GIVEN:
            return False
        name = self._paths.get(node, b"")
        if code in (wire.CREATE, wire.LOOKUP, wire.UNLINK, wire.MKDIR):
            name = self._join(name, wire.names_in(body[16 if code == wire.CREATE else 0 :])[-1])
        if any(name.endswith(part) for part in fault.spared):
            return False
        self._seen += 1
        if self._seen < fault.at or (self._seen > fault.at and not fault.lasting):
            return False
        if len(self._struck) < 20:
            self._struck.append(f"{kind} {os.fsdecode(name)}")
        if fault.kill:
            os.kill(pid, signal.SIGKILL)
            return False
        if fault.half and kind == "write" and self._seen == fault.at:
            return True
        raise OSError(fault.errno, "")

    @staticmethod
    def _halved(body: bytes) -> bytes:
        head = list(wire.WRITE_IN.unpack_from(body))
        head[2] = max(1, head[2] // 2)
        return wire.WRITE_IN.pack(*head) + body[wire.WRITE_IN.size :][: head[2]]

    def _note(self, kind: str, node: int, path: bytes, **more: Any) -> None:
        if self._journal is not None:
            self._journal.append(Event(kind, node, path, **more))

    @staticmethod
    def _join(folder: bytes, name: bytes) -> bytes:
        return folder + b"/" + name if folder else name

    def _node(self, path: bytes) -> int:
        """Return a path's number, for ever its own: a new file of the same name gets another."""
        found = self._nodes.get(path)
        if found is None:
            self._last += 1
            found = self._nodes[path] = self._last
            self._paths[found] = path
        return found

    def _path(self, node: int) -> bytes:
        if node not in self._paths:
            raise OSError(errno.ESTALE, "")
        return self._paths[node]

    def _real(self, path: bytes) -> bytes:
        return self._folder + b"/" + path if path else self._folder

    def _child(self, node: int, body: bytes) -> bytes:
        return self._join(self._path(node), wire.names_in(body)[0])

    def _entry(self, path: bytes) -> bytes:
        found = os.lstat(self._real(path))
        return wire.entry(self._node(path), found)

    def _lookup(self, node: int, body: bytes) -> bytes:
        path = self._child(node, body)
        name = path.rpartition(b"/")[2]
        if name.startswith(MARK):
            self._note("mark", 0, name[len(MARK) :])
        return self._entry(path)

    def _getattr(self, node: int, body: bytes) -> bytes:
        flags, _pad, handle = struct.unpack_from("<IIQ", body)
        found = os.fstat(handle) if flags & 1 else os.lstat(self._real(self._path(node)))
        return wire.attributes_answer(node, found)

    def _setattr(self, node: int, body: bytes) -> bytes:
        asked = wire.SETATTR_IN.unpack_from(body)
        path = self._path(node)
        real: int | bytes = asked[2] if asked[0] & 64 else self._real(path)
        if asked[0] & wire.SIZE_GIVEN:
            os.truncate(real, asked[3])
            self._note("truncate", node, path, offset=asked[3])
        if asked[0] & wire.MODE_GIVEN:
            os.chmod(self._real(path), asked[11] & 0o7777)
        found = os.stat(real)
        return wire.attributes_answer(node, found)

    def _mkdir(self, node: int, body: bytes) -> bytes:
        path = self._child(node, body[8:])
        os.mkdir(self._real(path), 0o755)
        answer = self._entry(path)
        self._note("mkdir", self._nodes[path], path)
        return answer

    def _gone(self, path: bytes) -> int:
        node = self._node(path)
        del self._nodes[path]
        return node

    def _unlink(self, node: int, body: bytes) -> bytes:
        path = self._child(node, body)
        os.unlink(self._real(path))
        self._note("unlink", self._gone(path), path)
        return b""

    def _rmdir(self, node: int, body: bytes) -> bytes:
        path = self._child(node, body)
        os.rmdir(self._real(path))
        self._note("rmdir", self._gone(path), path)
        return b""

    def _rename(self, node: int, body: bytes) -> bytes:
        (target,) = struct.unpack_from("<Q", body)
        names = wire.names_in(body[8:])
        old, new = names[-2:]
        source, goal = self._join(self._path(node), old), self._join(self._path(target), new)
        os.rename(self._real(source), self._real(goal))
        moved = self._node(source)
        self._note("rename", moved, source, target=goal)
        self._nodes.pop(goal, None)
        for path in [
            path for path in self._nodes if path == source or path.startswith(source + b"/")
        ]:
            number = self._nodes.pop(path)
            now = goal + path[len(source) :]
            self._nodes[now] = number
            self._paths[number] = now
        return b""

    def _open(self, node: int, body: bytes) -> bytes:
        (flags,) = struct.unpack_from("<I", body)
        # The kernel reads pages that are written in part, and does the appending itself.
        flags &= ~(os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOCTTY)
        handle = os.open(self._real(self._path(node)), flags)
        return wire.OPENED.pack(handle, 0, 0)

    def _create(self, node: int, body: bytes) -> bytes:
        flags, mode = struct.unpack_from("<II", body)
        path = self._child(node, body[16:])
        handle = os.open(self._real(path), (flags & ~os.O_APPEND) | os.O_CREAT, mode & 0o7777)
        answer = self._entry(path) + wire.OPENED.pack(handle, 0, 0)
        self._note("create", self._nodes[path], path)
        return answer

    def _read(self, _node: int, body: bytes) -> bytes:
        handle, offset, size = struct.unpack_from("<QQI", body)
        return os.pread(handle, size, offset)

    def _write(self, node: int, body: bytes) -> bytes:
        handle, offset, size, *_rest = wire.WRITE_IN.unpack_from(body)
        content = body[wire.WRITE_IN.size :][:size]
        written = os.pwrite(handle, content, offset)
        self._note("write", node, self._path(node), offset=offset, content=content[:written])
        return struct.pack("<II", written, 0)

    def _fsync(self, node: int, _body: bytes) -> bytes:
        self._note("fsync", node, self._path(node))
        return b""

    def _fsyncdir(self, node: int, _body: bytes) -> bytes:
        self._note("fsyncdir", node, self._path(node))
        return b""

    def _release(self, _node: int, body: bytes) -> bytes:
        (handle,) = struct.unpack_from("<Q", body)
        os.close(handle)
        return b""

    def _statfs(self, _node: int, _body: bytes) -> bytes:
        full = self._fault is not None and self._fault.errno == errno.ENOSPC and self._struck
        return wire.room(os.statvfs(self._folder), full=bool(full))

    def _opendir(self, node: int, _body: bytes) -> bytes:
        os.lstat(self._real(self._path(node)))
        return wire.OPENED.pack(0, 0, 0)

    def _readdir(self, node: int, body: bytes) -> bytes:
        _handle, offset, size = struct.unpack_from("<QQI", body)
        with os.scandir(self._real(self._path(node))) as found:
            names = sorted((item.name, item.is_dir()) for item in found)
        return wire.listing(names, offset, size)


def main() -> None:
    """Serve the folder given first at the place given second; orders come on descriptor three."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    DiskServer(Path(sys.argv[1]), Path(sys.argv[2]), Connection(int(sys.argv[3]))).serve()


if __name__ == "__main__":
    main()
