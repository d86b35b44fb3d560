"""Commands as the suites give them, on disks that fail at one request after another."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.desks import COMMANDS, TOWNSHIP, VILLAGE, Desk
from tests.desks import NOW as MOMENT
from tests.reliability.faulty_disk import FaultyDisk
from tests.reliability.journal import Fault
from tests.reliability.scenes import Scene, learners, older_workspace
from tests.support import table_dump

_LATER: Final = "2026-04-02T12:00:00+08:00"
_BACKUP: Final = "township/backups/auto-"
NEVER: Final = 10**9
PASSING: Final = ("logs", "tmp", "writer.lock", "learnsite.db-wal", "learnsite.db-shm")
"""What a computer has beside its data, after a stroke of bad luck as well as before."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A command: at which computer, in which words, with which input.

    In the words `{disk}` is the place that fails, `{safe}` one that does not.
    """

    at: str
    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    stdin: bytes | None = None
    now: str = MOMENT
    makes: str = ""
    """The folder that it makes; "" for one that works on the computer's own."""
    leaves: str = ""
    """How the names of files begin that it may leave behind all the same."""


def _document() -> bytes:
    entries = ",".join(
        f'{{"ref":"{item["ref"]}","name":"{item["name"]}","sex":"F"}}'
        for item in learners("full", 60)
    )
    return f'{{"v":1,"source":"full","learners":[{entries}]}}'.encode()


OWN_DISK: Final[dict[str, Deed]] = {
    "capture": Deed("village", ("capture", "-"), stdin=_document()),
    "edit": Deed("village", ("edit", "session:s1", "notes=继续")),
    "pack": Deed("village", ("pack", "--to", TOWNSHIP, "--out", "{disk}/out")),
    "backup": Deed("village", ("backup", "{disk}/safe")),
    "automatic backup": Deed("village", ("backup", "--auto"), now=_LATER),
    "receive": Deed("township", ("receive", "{disk}/in/up.lsb"), leaves=_BACKUP),
    "rollback": Deed(
        "township", ("rollback", "{batch}"), before=(("receive", "{disk}/in/up.lsb"),),
        leaves=_BACKUP,
    ),
    "opening": Deed("township", ("opening", "410122101207", "--out", "{disk}/out")),
    "open": Deed("new", ("open", "{disk}/in/unit.lso"), makes="new"),
    "restore": Deed(
        "again", ("restore", "{disk}/in/old.lsk"), before=(), makes="again"
    ),
}  # fmt: skip
"""What may fill the disk that the data lies on."""

STICK: Final[dict[str, Deed]] = {
    "pack": Deed("village", ("pack", "--to", TOWNSHIP, "--out", "{disk}/out")),
    "backup": Deed("village", ("backup", "{disk}/safe")),
    "move": Deed("village", ("move", "--out", "{disk}/safe")),
    "opening": Deed("township", ("opening", "410122101207", "--out", "{disk}/out")),
    "receive": Deed("township", ("receive", "{disk}/in/up.lsb")),
    "open": Deed("new", ("open", "{disk}/in/unit.lso"), makes="new"),
    "restore": Deed("again", ("restore", "{disk}/in/old.lsk"), makes="again"),
}
"""What is done with a stick, the data lying elsewhere."""

MORTAL: Final[dict[str, Deed]] = {
    "stream": Deed("village", ("capture", "--stream")),
    "receive": OWN_DISK["receive"],
    "rollback": OWN_DISK["rollback"],
    "migration": Deed("older", ("edit", "session:s1", "notes=升级后")),
    "backup": OWN_DISK["backup"],
    "restore": OWN_DISK["restore"],
    "pack": OWN_DISK["pack"],
    "open": OWN_DISK["open"],
}
"""In the middle of what the program is killed."""


@dataclass(slots=True)
class Stand:
    """Computers in one folder and files on a disk, put back as they were before each trial."""

    data: Path
    """Where the computers are: the disk itself, or another place."""
    disk: FaultyDisk
    pristine: Path
    batch: str = "1"

    def prepare(self, scene: Scene, deed: Deed) -> None:
        """Make what every trial begins with."""
        both = self.pristine / "data"
        for name, make in (("village", scene.village), ("township", scene.township)):
            if deed.at == name:
                make(both / name)
        if deed.at == "older":
            older_workspace(both / "older")
        both.mkdir(parents=True, exist_ok=True)
        on_disk = self.pristine / "disk"
        (on_disk / "in").mkdir(parents=True)
        shutil.copyfile(scene.up, on_disk / "in" / "up.lsb")
        shutil.copyfile(scene.opening, on_disk / "in" / "unit.lso")
        if deed.words[0] == "restore":
            desk = Desk(self.pristine / "village", VILLAGE)
            scene.village(desk.folder)
            made = Path(desk("backup", self.pristine / "made")["path"])
            made.replace(on_disk / "in" / "old.lsk")
            shutil.rmtree(desk.folder)
        self.reset()
        for words in deed.before:
            answer = self.run(Deed(deed.at, words))
            assert answer["ok"], answer
            self.batch = str(answer["bundles"][0]["batch"])
        if deed.before:
            shutil.rmtree(both)
            shutil.copytree(self._behind(), both, ignore=shutil.ignore_patterns("in"))

    def _behind(self) -> Path:
        return self.disk.folder if self.data == self.disk.place else self.data

    def reset(self) -> None:
        """Put everything back."""
        for folder in {self.disk.folder, self._behind()}:
            for path in folder.iterdir() if folder.exists() else ():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self.pristine / "disk", self.disk.folder, dirs_exist_ok=True)
        shutil.copytree(self.pristine / "data", self._behind(), dirs_exist_ok=True)
        self.disk.changed()

    def run(self, deed: Deed) -> dict[str, Any]:
        """Give the command; whatever comes of it is its answer, `error` that of its file."""
        words = self.words(deed)
        _code, answer = COMMANDS.attempt(
            self.data / deed.at, *words, stdin=deed.stdin, now=deed.now
        )
        if not answer["ok"] and answer.get("error") is None:
            answer["error"] = answer["bundles"][0]["error"]
        return answer

    def words(self, deed: Deed) -> list[str]:
        """Return the words of the command here."""
        return [word.format(disk=self.disk.place, batch=self.batch) for word in deed.words]

    def desk(self, deed: Deed) -> Desk:
        """Return the computer that the deed is done at."""
        return Desk(self.data / deed.at, VILLAGE if deed.at == "village" else TOWNSHIP)

    def content(self, deed: Deed) -> dict[str, list[str]]:
        """Return what the computer holds; nothing where there is none yet."""
        folder = self.data / deed.at
        return table_dump(folder) if (folder / "learnsite.db").exists() else {}

    def files(self) -> set[str]:
        """Return all files that stay."""
        found = set()
        for folder in {self.disk.folder, self._behind()}:
            for path in folder.rglob("*"):
                parts = path.relative_to(folder).parts
                if path.is_file() and not set(parts) & set(PASSING):
                    found.add("/".join(parts))
        return found

    @contextmanager
    def broken(self, fault: Fault) -> Iterator[None]:
        """Let the disk fail for the length of a block."""
        self.disk.arm(fault)
        try:
            yield
        finally:
            self.disk.mend()

    def requests(self, deed: Deed, kinds: frozenset[str]) -> int:
        """Return how many requests of these kinds the deed makes when nothing fails."""
        self.reset()
        self.disk.arm(Fault(NEVER, kinds=kinds))
        answer = self.run(deed)
        seen, _struck = self.disk.mend()
        assert answer["ok"], answer
        return seen


def places(count: int, most: int) -> list[int]:
    """Return numbers from 1 to `count`, at most `most` of them, the first and last among them."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(turn * (count - 1) / (most - 1)) for turn in range(most)})
