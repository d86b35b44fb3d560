"""Which input method Qt is told to use on Linux, so that Chinese can be typed into its window.

Qt 6 speaks to an input method through a plugin only; the old protocol of X (XIM) is gone. Its own
build brings one plugin that can type Chinese, that of ibus. There is none of fcitx: such a plugin
fits one version of Qt. But fcitx5 answers the protocol of ibus too, on the user's bus (the name
`org.freedesktop.portal.IBus`). The plugin looks there only when `IBUS_USE_PORTAL` is set; without
that it also wants the program `ibus-daemon`, which a computer with fcitx has not.

Where no input method answers, Qt falls back to its own dead keys: it types, though not Chinese.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LIST, _ONE, _PORTAL = "QT_IM_MODULES", "QT_IM_MODULE", "IBUS_USE_PORTAL"
_GONE: Final = ("", "xim")
"""What tells Qt 6 nothing: the other variables are looked at."""


def changes(env: Mapping[str, str], installed: Callable[[str], object]) -> dict[str, str]:
    """Return the variables to be set before Qt starts on Linux; mostly none.

    `installed(program)` tells whether a program is there to be run. What somebody has chosen and Qt
    can do is left alone. What is set is `QT_IM_MODULES`, the list.
    """
    listed = [one for one in env.get(_LIST, "").split(";") if one]
    if listed:
        lacks = any(map(_is_fcitx, listed)) and "ibus" not in listed
        return _by_ibus(env, listed) if lacks else {}
    one = env.get(_ONE, "").lower()
    if one not in _GONE:
        return _by_ibus(env, [one]) if _is_fcitx(one) else {}
    if not _on_x11(env):
        return {}  # under Wayland the compositor itself passes on what is typed
    named = env.get("XMODIFIERS", "").rpartition("@im=")[2] or env.get("GTK_IM_MODULE", "")
    if _is_fcitx(named):
        return _by_ibus(env, ["fcitx"])
    if not installed("ibus-daemon") and installed("fcitx5"):
        return _by_ibus(env, ["fcitx"])
    return {_LIST: "ibus"}


@contextmanager
def chosen() -> Iterator[None]:
    """Have the right input method named while Qt starts; programs started later do not see it."""
    may = sys.platform == "linux" and can_speak(os.environ)
    new = changes(os.environ, shutil.which) if may else {}
    old = {name: os.environ.get(name) for name in new}
    os.environ.update(new)
    try:
        yield
    finally:
        for name, value in old.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def can_speak(env: Mapping[str, str], root: Path = Path("/")) -> bool:
    """Tell whether the plugin of ibus can be loaded.

    It asks for the user's bus and for this computer's id, and where the id is missing the library
    of the bus ends the program.
    """
    ids = (root / "etc/machine-id", root / "var/lib/dbus/machine-id")
    runtime = env.get("XDG_RUNTIME_DIR", "")
    bus = env.get("DBUS_SESSION_BUS_ADDRESS") or (runtime and (Path(runtime) / "bus").exists())
    return bool(bus) and any(one.is_file() and one.stat().st_size for one in ids)


def _is_fcitx(name: str) -> bool:
    return name.lower().startswith("fcitx")


def _on_x11(env: Mapping[str, str]) -> bool:
    platform = env.get("QT_QPA_PLATFORM", "")
    if platform:
        return platform.startswith("xcb")
    wayland = "WAYLAND_DISPLAY" in env or env.get("XDG_SESSION_TYPE") == "wayland"
    return "DISPLAY" in env and not wayland


def _by_ibus(env: Mapping[str, str], names: list[str]) -> dict[str, str]:
    """Name ibus behind what was asked for: a plugin of fcitx, where somebody has put one, wins."""
    found = {_LIST: ";".join([*names, "ibus"])}
    return found if _PORTAL in env else found | {_PORTAL: "1"}
