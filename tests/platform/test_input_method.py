"""Which input method Qt is told to use, by invented environments.

That what is chosen really types Chinese is tried with real input methods by `make chinese`.
"""

import os
from pathlib import Path

import pytest

from learnsite_desktop.platform import input_method

PORTAL = {"IBUS_USE_PORTAL": "1"}
FCITX = {"QT_IM_MODULES": "fcitx;ibus"} | PORTAL
X11 = {"DISPLAY": ":0"}
WAYLAND = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"}


@pytest.mark.parametrize(
    ("env", "programs", "wanted"),
    [
        # Named, and Qt has it: as somebody wanted.
        ({"QT_IM_MODULE": "ibus"}, {"ibus-daemon"}, {}),
        ({"QT_IM_MODULE": "compose"}, {"ibus-daemon"}, {}),
        ({"QT_IM_MODULES": "wayland;ibus", "QT_IM_MODULE": "fcitx"}, {"fcitx5"}, {}),
        ({"QT_IM_MODULES": "wayland;fcitx;ibus"}, {"fcitx5"}, {}),
        # fcitx is named: it answers as ibus does, and there need be no program of ibus.
        ({"QT_IM_MODULE": "fcitx"}, {"fcitx5"}, FCITX),
        ({"QT_IM_MODULE": "Fcitx"}, set(), FCITX),
        ({"QT_IM_MODULE": "fcitx5"}, set(), {"QT_IM_MODULES": "fcitx5;ibus"} | PORTAL),
        ({"QT_IM_MODULE": "fcitx"}, {"fcitx5", "ibus-daemon"}, FCITX),
        ({"QT_IM_MODULE": "fcitx"} | WAYLAND, {"fcitx5"}, FCITX),
        (
            {"QT_IM_MODULES": "wayland;fcitx"},
            set(),
            {"QT_IM_MODULES": "wayland;fcitx;ibus"} | PORTAL,
        ),
        ({"QT_IM_MODULE": "fcitx", "IBUS_USE_PORTAL": "0"}, set(), {"QT_IM_MODULES": "fcitx;ibus"}),
        # Named for others only.
        ({"XMODIFIERS": "@im=fcitx"} | X11, {"ibus-daemon", "fcitx5"}, FCITX),
        ({"XMODIFIERS": "@im=ibus"} | X11, {"ibus-daemon", "fcitx5"}, {"QT_IM_MODULES": "ibus"}),
        ({"GTK_IM_MODULE": "fcitx"} | X11, set(), FCITX),
        # The old protocol of X, which Qt 6 does not speak.
        ({"QT_IM_MODULE": "xim", "XMODIFIERS": "@im=fcitx"} | X11, {"fcitx5"}, FCITX),
        ({"QT_IM_MODULE": "xim"} | X11, {"ibus-daemon"}, {"QT_IM_MODULES": "ibus"}),
        # Nothing is named.
        (X11, {"ibus-daemon"}, {"QT_IM_MODULES": "ibus"}),
        (X11, {"fcitx5"}, FCITX),
        (X11, {"fcitx5", "ibus-daemon"}, {"QT_IM_MODULES": "ibus"}),
        (X11, set(), {"QT_IM_MODULES": "ibus"}),
        ({"QT_QPA_PLATFORM": "xcb"} | WAYLAND, {"ibus-daemon"}, {"QT_IM_MODULES": "ibus"}),
        # Under Wayland the compositor passes it on; without a screen there is nothing to type.
        (WAYLAND, {"ibus-daemon", "fcitx5"}, {}),
        ({"XMODIFIERS": "@im=fcitx"} | WAYLAND, {"fcitx5"}, {}),
        ({"QT_QPA_PLATFORM": "offscreen"} | X11, {"ibus-daemon"}, {}),
        ({}, {"ibus-daemon"}, {}),
    ],
)
def test_what_qt_is_told(env: dict[str, str], programs: set[str], wanted: dict[str, str]) -> None:
    assert input_method.changes(env, programs.__contains__) == wanted


@pytest.mark.skipif(os.name != "posix", reason="only Linux chooses")
def test_only_qt_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is opened from our window may open in a program with an older Qt."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(input_method, "can_speak", lambda _env: True)
    monkeypatch.setenv("QT_IM_MODULE", "fcitx")
    monkeypatch.setenv("QT_IM_MODULES", "fcitx")
    monkeypatch.delenv("IBUS_USE_PORTAL", raising=False)
    with input_method.chosen():
        assert os.environ["QT_IM_MODULES"] == "fcitx;ibus"
        assert os.environ["IBUS_USE_PORTAL"] == "1"
    assert os.environ["QT_IM_MODULES"] == "fcitx"
    assert "IBUS_USE_PORTAL" not in os.environ
    with pytest.raises(LookupError), input_method.chosen():
        raise LookupError
    assert os.environ["QT_IM_MODULES"] == "fcitx"


def test_other_systems_choose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("QT_IM_MODULE", "fcitx")
    monkeypatch.delenv("QT_IM_MODULES", raising=False)
    with input_method.chosen():
        assert "QT_IM_MODULES" not in os.environ


def test_without_a_bus_or_an_id_of_the_computer_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin would load the library of the bus, which ends the program there."""
    bus = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    assert not input_method.can_speak(bus, tmp_path)
    (tmp_path / "etc").mkdir()
    machine = tmp_path / "etc" / "machine-id"
    machine.write_bytes(b"")  # as in an image that was never started
    assert not input_method.can_speak(bus, tmp_path)
    machine.write_text("0" * 32, encoding="ascii")
    assert input_method.can_speak(bus, tmp_path)
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert not input_method.can_speak(runtime, tmp_path)
    (tmp_path / "bus").touch()
    assert input_method.can_speak(runtime, tmp_path)
    assert not input_method.can_speak({}, tmp_path)
    monkeypatch.setattr(input_method, "can_speak", lambda _env: False)
    monkeypatch.setenv("DISPLAY", ":0")
    with input_method.chosen():
        assert "QT_IM_MODULES" not in os.environ
