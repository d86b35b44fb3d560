"""Types a Chinese name into the real window, with real input methods and real keys.

    /usr/bin/python3 packaging/chinese_input.py PROGRAM DEMO OUT [CASE ...]

PROGRAM is learnsite, DEMO a folder made by `learnsite demo`, OUT where the pictures go: look at
them. Each case has a home, a bus and a screen (Xvfb) of its own: an input method is started, or
none; the learners of a village are searched by pinyin, as a clerk would. What the window then holds
is read the way a screen reader does it (AT-SPI). packaging/try_chinese_input.sh installs what this
needs and calls it. It runs with the system's Python, since AT-SPI's library belongs to that.
"""

import importlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

VILLAGE, NAME, SPELT = "410122003203", "李红梅", "li'hong'mei"
"""A village of the demonstration, one of its learners, and the sounds of her name."""
LETTERS: Final = SPELT.replace("'", "")
FIELD, WINDOW = "查找学员", "学点记"
PATIENCE: Final = 40
_DISPLAY: Final = 97
_FCITX5: Final = """\
[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin
[Groups/0/Items/0]
Name=keyboard-us
[Groups/0/Items/1]
Name=pinyin
[GroupOrder]
0=Default
"""
_FCITX4: Final = "[Profile]\nIMName=pinyin\nEnabledIMList=fcitx-keyboard-us:True,pinyin:True\n"


@dataclass(frozen=True, slots=True)
class Case:
    """One desktop: its input method, what its session names, whether Chinese is to come out."""

    method: str
    env: dict[str, str] = field(default_factory=dict)
    chinese: bool = True


CASES: Final = {
    "ibus-named": Case("ibus", {"QT_IM_MODULE": "ibus", "XMODIFIERS": "@im=ibus"}),
    "ibus-unnamed": Case("ibus"),
    "fcitx5-named": Case("fcitx5", {"QT_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx"}),
    "fcitx5-unnamed": Case("fcitx5"),
    "fcitx4-named": Case("fcitx", {"QT_IM_MODULE": "fcitx", "XMODIFIERS": "@im=fcitx"}, False),
    "none-named": Case("", {"QT_IM_MODULE": "fcitx"}, chinese=False),
    "none": Case("", chinese=False),
}
"""fcitx 4 neither has a plugin for this Qt nor speaks the protocol of ibus: letters, no Chinese."""


class Wrong(Exception):
    """The window did not do what it should."""


def main() -> None:
    """Run the cases asked for, all by default, and say how each went."""
    if sys.argv[1] == "--inside":
        inside(Path(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]), sys.argv[5])
        return
    program, demo, out = (Path(word).absolute() for word in sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    bad = 0
    for name in sys.argv[4:] or CASES:
        method = CASES[name].method
        if method and not shutil.which("ibus-daemon" if method == "ibus" else method):
            print(f"{name}: not tried, {method} is not installed")
            continue
        bad += run_case(name, program, demo, out)
    sys.exit(1 if bad else 0)


def run_case(name: str, program: Path, demo: Path, out: Path) -> int:
    """Run one case on a screen, a bus and in a home of its own; 1 when it went wrong."""
    home = out / "homes" / name
    shutil.rmtree(home, ignore_errors=True)
    (home / "run").mkdir(parents=True)
    (home / "run").chmod(0o700)
    shutil.copytree(demo / "computers" / VILLAGE, home / "records")
    kept = {"PATH", "TERM"}
    env = {key: value for key, value in os.environ.items() if key in kept} | {
        "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "DISPLAY": f":{_DISPLAY}",
        "LANG": "C.UTF-8", "GSETTINGS_BACKEND": "memory", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }  # fmt: skip
    screen = subprocess.Popen(
        ["Xvfb", f":{_DISPLAY}", "-screen", "0", "1366x768x24", "-ac"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        pause(2)
        said = [str(one) for one in (program, home, out)]
        with (home / "log").open("w", encoding="utf-8") as log:
            return subprocess.run(
                ["dbus-run-session", "--", sys.executable, sys.argv[0], "--inside", *said, name],
                env=env, check=False, timeout=300, stderr=log,
            ).returncode  # fmt: skip
    finally:
        screen.terminate()
        screen.wait()


def inside(program: Path, home: Path, out: Path, name: str) -> None:
    """Start the input method and the program, type, and end both again."""
    case = CASES[name]
    started: list[subprocess.Popen[bytes]] = []
    try:
        if shutil.which("openbox"):
            started.append(subprocess.Popen(["openbox"]))
        started += method_of(case.method, home)
        started.append(
            subprocess.Popen(
                [str(program), "--data", str(home / "records")],
                env={**os.environ, **case.env, "PATH": path_for(case.method, home)},
            )
        )
        desk = Desk(started[-1].pid, out / name)
        story = compose if case.chinese else plain_letters
        story(desk, case.method)
        print(f"{name}: as it should be; {desk.pictures} pictures")
    except Wrong as wrong:
        print(f"{name}: WRONG: {wrong}")
        sys.exit(1)
    finally:
        for one in reversed(started):
            if one.poll() is None:
                one.send_signal(signal.SIGTERM)
                try:
                    one.wait(10)
                except subprocess.TimeoutExpired:
                    one.kill()


def is_on_the_bus(name: str) -> bool:
    """Whether somebody answers to a name, asked so that nobody is started by it."""
    bus = "org.freedesktop.DBus"
    asked = ["--dest=" + bus, "/org/freedesktop/DBus", bus + ".NameHasOwner", "string:" + name]
    return "true" in ask("dbus-send", "--session", "--print-reply", *asked)


def path_for(method: str, home: Path) -> str:
    """Return a PATH where only the programs of one input method are to be found.

    A computer with fcitx5 has no `ibus-daemon`; here both are installed beside each other.
    """
    names = {"ibus": ["ibus-daemon"], "fcitx5": ["fcitx5"], "fcitx": ["fcitx"]}.get(method, [])
    folder = home / "bin"
    folder.mkdir()
    for one in names:
        (folder / one).symlink_to(str(shutil.which(one)))
    return str(folder)


def method_of(method: str, home: Path) -> list[subprocess.Popen[bytes]]:
    """Start an input method and have it write pinyin."""
    if method == "ibus":
        running = [subprocess.Popen(["ibus-daemon", "--replace"])]
        until(lambda: ask("ibus", "engine", "libpinyin") or "libpinyin" in ask("ibus", "engine"))
    elif method == "fcitx5":
        (home / ".config/fcitx5").mkdir(parents=True)
        (home / ".config/fcitx5/profile").write_text(_FCITX5, encoding="utf-8")
        # What it offers first for a name is its own affair; its users teach it their names.
        words = home / ".local/share/fcitx5/pinyin/dictionaries"
        words.mkdir(parents=True)
        (home / "names").write_text(f"{NAME} {SPELT} 0\n", encoding="utf-8")
        ask("libime_pinyindict", str(home / "names"), str(words / "names.dict"))
        running = [subprocess.Popen(["fcitx5", "--disable", "cloudpinyin,notifications"])]
        until(lambda: is_on_the_bus("org.freedesktop.portal.IBus"))
    elif method == "fcitx":
        (home / ".config/fcitx").mkdir(parents=True)
        (home / ".config/fcitx/profile").write_text(_FCITX4, encoding="utf-8")
        running = [subprocess.Popen(["fcitx", "-D"])]
        until(lambda: is_on_the_bus(f"org.fcitx.Fcitx-{_DISPLAY}"))
    else:
        running = []
    return running


def compose(desk: "Desk", method: str) -> None:
    """Search a learner in Chinese; no key that composes may do anything else."""
    desk.search(method)
    desk.types(LETTERS)
    desk.picture("composing")
    desk.expect("", "while it is being composed, nothing stands in the field")
    desk.keys("Escape")
    desk.expect("", "Esc gives up the composing and does not leave the list")
    desk.types(LETTERS)
    desk.keys("Return")
    desk.picture("enter")
    desk.expect(LETTERS, "Enter puts the letters there and opens nobody")
    desk.keys("ctrl+a", "BackSpace")
    desk.types(LETTERS)
    desk.keys("space")
    desk.picture("chosen")
    desk.expect(NAME, "Space takes the name offered first")
    desk.opens_a_card()


def plain_letters(desk: "Desk", method: str) -> None:
    """Without an input method that Qt can talk to, letters arrive, and find by initials."""
    desk.search(method)
    desk.types(LETTERS[0])
    desk.keys("space")
    desk.picture("letters")
    desk.expect(f"{LETTERS[0]} ", "letters arrive as they are typed")


class Desk:
    """The window as somebody before the screen has it: keys in; a picture, or what is said, out."""

    def __init__(self, pid: int, pictures: Path) -> None:
        self._pid = pid
        self._prefix = pictures
        self.pictures = 0
        gi = importlib.import_module("gi")
        gi.require_version("Atspi", "2.0")
        self._spi: Any = importlib.import_module("gi.repository.Atspi")
        until(lambda: self.field() is not None or self._focus(), "no window came up")
        pause(3)

    def _focus(self) -> bool:
        found = ask("xdotool", "search", "--onlyvisible", "--name", WINDOW).split()
        if found:
            ask("xdotool", "windowfocus", found[0])
        return bool(found)

    def search(self, method: str) -> None:
        """Go to the field that finds learners, and switch to pinyin there."""
        self.keys("alt+3")
        self.keys("ctrl+f")
        until(lambda: self.field() is not None, "Ctrl+F does not go to the field")
        if method == "fcitx5":
            until(
                lambda: (
                    ask("fcitx5-remote", "-s", "pinyin") or "pinyin" in ask("fcitx5-remote", "-n")
                )
            )
        elif method == "fcitx":
            ask("fcitx-remote", "-o")
        elif method:
            ask("ibus", "engine", "libpinyin")
        pause(2)
        self.keys("ctrl+a", "BackSpace")

    def keys(self, *names: str) -> None:
        """Press keys, with the time somebody takes."""
        for one in names:
            ask("xdotool", "key", "--clearmodifiers", one)
            pause(1)

    def types(self, letters: str) -> None:
        """Type letters."""
        ask("xdotool", "type", "--delay", "200", letters)
        pause(1.5)

    def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        self.pictures += 1
        ask("import", "-window", "root", f"{self._prefix}-{self.pictures}-{name}.png")

    def expect(self, text: str, why: str) -> None:
        """Fail unless the field still has the focus and holds `text`, now or soon."""
        try:
            until(lambda: self.field() == text)
        except Wrong:
            self.picture("wrong")
            raise Wrong(f"{why}; expected {text!r}, but it is {self.field()!r}") from None

    def opens_a_card(self) -> None:
        """Fail unless Enter opens who was found, now that nothing is being composed."""
        self.keys("Return")
        try:
            until(lambda: self.field() is None)
        finally:
            self.picture("card")

    def field(self) -> str | None:
        """Return what the field for learners holds, None while it has not the focus."""
        spi = self._spi
        desktop = spi.get_desktop(0)
        desktop.clear_cache()
        for number in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(number)
            if program is not None and program.get_process_id() == self._pid:
                found = self._focused(program)
                if found is not None and found.get_name() == FIELD:
                    return str(spi.Text.get_text(found, 0, -1))
        return None

    def _focused(self, parent: Any) -> Any:
        """Return who has the focus, looking through what is shown only."""
        spi = self._spi
        for number in range(parent.get_child_count()):
            child = parent.get_child_at_index(number)
            if child is None or child.get_role_name() in {"table", "list", "menu bar"}:
                continue
            child.clear_cache()
            states = child.get_state_set()
            if not states.contains(spi.StateType.SHOWING):
                continue
            if states.contains(spi.StateType.FOCUSED) and child.get_role_name() == "text":
                return child
            found = self._focused(child)
            if found is not None:
                return found
        return None


def ask(*words: str) -> str:
    """Run a program and return what it says, "" when it fails."""
    done = subprocess.run(
        words, check=False, stdout=subprocess.PIPE, text=True, encoding="utf-8", timeout=60
    )
    return done.stdout if done.returncode == 0 else ""


def pause(seconds: float) -> None:
    """Give the programs on the screen the time that a person takes."""
    threading.Event().wait(seconds)


def until(true: Callable[[], object], why: str = "it did not come to pass") -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if true():
            return
        pause(0.3)
    raise Wrong(why)


if __name__ == "__main__":
    main()
