"""What Windows shows of the program's file under its properties: VERSIONINFO."""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
_CHINESE, _UNICODE = 0x0804, 1200


def version() -> str:
    """Return the program's version, as in the source."""
    source = (ROOT / "src/learnsite_desktop/__init__.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__version__":
            found: str = ast.literal_eval(node.value)
            return found
    raise LookupError("no version in the source")


def four_parts(text: str) -> tuple[int, int, int, int]:
    """Return "1.2.3" as Windows and the app shops count: (1, 2, 3, 0)."""
    parts = [int(part) for part in text.split(".")]
    first, second, third, fourth = (*parts, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def strings(name: str) -> dict[str, str]:
    """Return the texts of the file called `name`.exe."""
    return {
        "CompanyName": "learnsite",
        "FileDescription": "学点记",
        "FileVersion": version(),
        "InternalName": name,
        "LegalCopyright": "Apache-2.0",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "学点记 learnsite",
        "ProductVersion": version(),
    }


def version_info(name: str) -> Any:
    """Return PyInstaller's object for the file called `name`.exe; only there is it known."""
    win: Any = import_module("PyInstaller.utils.win32.versioninfo")
    numbers = four_parts(version())
    table = win.StringTable(
        f"{_CHINESE:04x}{_UNICODE:04x}",
        [win.StringStruct(key, text) for key, text in strings(name).items()],
    )
    return win.VSVersionInfo(
        ffi=win.FixedFileInfo(filevers=numbers, prodvers=numbers, OS=0x40004, fileType=1),
        kids=[
            win.StringFileInfo([table]),
            win.VarFileInfo([win.VarStruct("Translation", [_CHINESE, _UNICODE])]),
        ],
    )
