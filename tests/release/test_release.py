"""What a release is made of, as far as it can be told without building one.

The build itself checks its size, that it starts, and what is loaded before the first paint.
"""

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

from learnsite_desktop import __version__
from learnsite_desktop.__main__ import SUFFIXES
from learnsite_desktop.bundle.seal import MAGIC

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
SPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"
MODULES = ("debian", "trim", "version_info", "notices")


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The build's own modules."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield {name: importlib.import_module(name) for name in MODULES}
    for name in MODULES:
        del sys.modules[name]


def kept(modules: dict[str, ModuleType], *names: str) -> list[str]:
    found = modules["trim"].kept([(name, f"/here/{name}", "BINARY") for name in names])
    return [one[0] for one in found]


def test_what_of_qt_is_kept_on_either_system(modules: dict[str, ModuleType]) -> None:
    wanted = [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland-generic.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/Qt/plugins/imageformats/libqwebp.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "libQt6Network.so.6",
        "PySide6/QtNetwork.abi3.so",
        r"PySide6\plugins\platforms\qwindows.dll",
        r"PySide6\plugins\styles\qmodernwindowsstyle.dll",
        r"PySide6\Qt6Core.dll",
        r"PySide6\QtWidgets.pyd",
        "stdnum/cn/loc.dat",
        "libpython3.11.so.1.0",
        "libicudata.so.73",
        "learnsite_desktop/_resources/questions.toml",
    ]
    assert kept(modules, *wanted) == wanted


def test_what_nobody_needs_is_left_out(modules: dict[str, ModuleType]) -> None:
    assert not kept(
        modules,
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "libQt6Pdf.so.6",
        "PySide6/QtQml.abi3.so",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "stdnum/es/postal_codes.dat",
        "libgtk-3.so.0",
        r"PySide6\opengl32sw.dll",
        r"PySide6\Qt6QuickControls2.dll",
        r"PySide6\QtQuickControls2.pyd",
        r"PySide6\pyside6qml.abi3.dll",
        r"PySide6\vcamp140.dll",
        r"PySide6\plugins\tls\qschannelbackend.dll",
        # The target system's own fits its drivers and settings.
        "libstdc++.so.6",
        "libfontconfig.so.1",
        "libglib-2.0.so.0",
        "libxcb.so.1",
    )


def test_every_kind_of_file_is_known_to_every_desktop() -> None:
    """The program, the kinds of file of Linux, and both installers name the same suffixes."""
    tree = ElementTree.parse(PACKAGING / "linux" / "learnsite-mime.xml")
    kinds = {
        str(glob.get("pattern")).removeprefix("*"): str(kind.get("type"))
        for kind in tree.iter(f"{SPACE}mime-type")
        for glob in kind.iter(f"{SPACE}glob")
    }
    assert set(kinds) == SUFFIXES
    desktop = (PACKAGING / "linux" / "learnsite.desktop").read_text(encoding="utf-8")
    (named,) = [line for line in desktop.splitlines() if line.startswith("MimeType=")]
    assert set(named.removeprefix("MimeType=").strip(";").split(";")) == set(kinds.values())
    inno = (PACKAGING / "windows" / "installer.iss").read_text(encoding="utf-8-sig")
    nsis = (PACKAGING / "windows" / "installer.nsi").read_text(encoding="utf-8")
    for suffix, kind in kinds.items():
        name = kind.rpartition(".")[2]
        assert f"Classes\\{suffix}\\OpenWithProgids" in inno
        assert f"learnsite.{name}\\shell\\open\\command" in inno
        assert f'Kind "{suffix}" "{name}"' in nsis
        assert f'NoKind "{suffix}" "{name}"' in nsis


def test_the_uninstaller_takes_away_all_that_lies_beside_the_program(
    modules: dict[str, ModuleType],
) -> None:
    """A single file left over keeps the folder, and a later version would find it."""
    nsis = (PACKAGING / "windows" / "installer.nsi").read_text(encoding="utf-8")
    removing = nsis[nsis.index('Section "Uninstall"') :]
    for name in ("learnsite.exe", "learnsite-window.exe", modules["debian"].MARK):
        assert f'Delete "$INSTDIR\\{name}"' in removing
    for name in ("_internal", "licences"):
        assert f'RMDir /r "$INSTDIR\\{name}"' in removing


def test_the_magic_of_a_bundle_is_that_of_the_format() -> None:
    tree = ElementTree.parse(PACKAGING / "linux" / "learnsite-mime.xml")
    (match,) = tree.iter(f"{SPACE}match")
    assert str(match.get("value")).encode().replace(b"\\n", b"\n") == MAGIC


def test_windows_is_told_the_version_of_the_source(modules: dict[str, ModuleType]) -> None:
    told = modules["version_info"]
    assert told.version() == __version__
    assert told.four_parts("1.2.3") == (1, 2, 3, 0)
    strings = told.strings("learnsite-window")
    assert strings["OriginalFilename"] == "learnsite-window.exe"
    assert strings["FileVersion"] == strings["ProductVersion"] == __version__


def test_every_component_has_its_licence(modules: dict[str, ModuleType], tmp_path: Path) -> None:
    notices: Any = modules["notices"]
    assert {"pyside6-essentials", "python-stdnum", "cryptography"} <= set(notices.components())
    assert "pip" not in notices.components()
    folder = tmp_path / "learnsite" / "licences"
    notices.write_notices(folder, __version__)
    text = (folder / "NOTICES.txt").read_text(encoding="utf-8")
    assert "replace them by your own builds" in text
    for name in notices.components():
        (line,) = [one for one in text.splitlines() if one.startswith(f"{name} ")]
        texts = list(folder.glob(f"{name}-*/*"))
        assert texts or name in {"pyside6-essentials", "shiboken6"}, line
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (folder / "LGPL-3.txt").read_text("utf-8")


@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="this system makes no Debian packages")
@pytest.mark.parametrize("flavour", ["plain", "shop"])
def test_a_package_holds_what_its_system_looks_for(
    modules: dict[str, ModuleType], tmp_path: Path, flavour: str
) -> None:
    debian: Any = modules["debian"]
    folder = tmp_path / "learnsite"
    (folder / "licences").mkdir(parents=True)
    (folder / "licences" / "NOTICES.txt").write_text("licences", encoding="utf-8")
    (folder / "learnsite").write_text("#!/bin/sh\n", encoding="utf-8")
    (folder / "learnsite").chmod(0o700)
    made = getattr(debian, flavour)()
    path = debian.make_package(made, folder, tmp_path, "2.31")
    inside = tmp_path / "inside"
    subprocess.run(["dpkg-deb", "-R", str(path), str(inside)], check=True)
    # No script of the package ever runs.
    assert [one.name for one in (inside / "DEBIAN").iterdir()] == ["control"]
    control = (inside / "DEBIAN" / "control").read_text(encoding="utf-8")
    fields = dict(line.split(": ", 1) for line in control.splitlines() if not line.startswith(" "))
    assert "libc6 (>= 2.31)" in fields["Depends"]
    assert "fonts-wqy-microhei |" in fields["Depends"]
    files = {str(one.relative_to(inside)) for one in inside.rglob("*") if not one.is_dir()}
    files.discard("DEBIAN/control")
    assert (inside / made.program / "learnsite").stat().st_mode & 0o777 == 0o755
    if flavour == "shop":
        place = f"opt/apps/{debian.APP_ID}"
        assert all(one.startswith(f"{place}/") for one in files)
        info = json.loads((inside / place / "info").read_text(encoding="utf-8"))
        assert info["appid"] == debian.APP_ID == fields["Package"]
        assert len(info["version"].split(".")) == 4
        desktop = inside / place / f"entries/applications/{debian.APP_ID}.desktop"
        assert f"Exec=/{place}/files/learnsite %F" in desktop.read_text(encoding="utf-8")
    else:
        assert (inside / "usr/bin/learnsite").resolve() == inside / made.program / "learnsite"
        desktop = inside / "usr/share/applications/learnsite.desktop"
        assert {
            "usr/share/mime/packages/learnsite.xml",
            "usr/share/doc/learnsite/copyright",
        } <= files
    assert "@" not in desktop.read_text(encoding="utf-8")
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", str(desktop)], check=True)
    if shutil.which("appstreamcli"):
        (told,) = inside.rglob("*.metainfo.xml")
        checked = subprocess.run(
            ["appstreamcli", "validate", "--no-net", str(told)],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert checked.returncode == 0, checked.stdout
