"""The translation catalogues: `compile`, `check` and `update` (python scripts/locales.py WORD).

`compile` writes the .mo file that the program reads, and the .qm file with our words for Qt's own
dialogs. `check` fails unless every text marked in the
code has a Chinese translation with the same places, and the .mo is that of the .po. `update` adds
new texts to the .po, sorted, and drops those that the code no longer has.
"""

import ast
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import PySide6
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from learnsite_desktop.domain.records import KINDS

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "learnsite_desktop"
CATALOGUE = ROOT / "resources" / "locale" / "zh_CN" / "LC_MESSAGES" / "learnsite.po"
COMPILED = CATALOGUE.with_suffix(".mo")
OVERLAY = CATALOGUE.parents[1] / "qt_overlay.ts"
KEYWORDS = {"_", "N_", "render"}
PLACE = re.compile(r"%\((\w+)\)[a-z]")


def read_catalogue() -> Catalog:
    """Return the Chinese catalogue as it stands in the .po file."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN", domain="learnsite", abort_invalid=True)


def marked_texts() -> dict[str, str]:
    """Return every text marked in the code or declared as a label, with where it stands."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text in _marked(node):
                found.setdefault(text, name)
    for kind in KINDS.values():
        for text in kind.labels():
            found.setdefault(text, f"the record kind {kind.name}")
    return found


def _marked(node: ast.AST) -> Iterator[str]:
    """Yield the text that a call marks, inside a formatted string as well."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        text = getattr(node.args[0], "value", None)
        if node.func.id in KEYWORDS and isinstance(text, str) and text:
            yield text


def compiled_bytes(catalogue: Catalog) -> bytes:
    """Return the .mo file of `catalogue`."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def problems() -> list[str]:
    """Return what is wrong with the catalogue, one sentence each; nothing when all is well."""
    catalogue, marked = read_catalogue(), marked_texts()
    found = [
        f"used by nothing (make locales): {entry.id!r}"
        for entry in catalogue
        if entry.id and entry.id not in marked
    ]
    for text, name in sorted(marked.items()):
        entry = catalogue.get(text)
        if entry is None or not entry.string or entry.fuzzy:
            found.append(f"no Chinese translation: {text!r} ({name})")
        elif isinstance(entry.string, str) and _places(entry.string) != _places(text):
            found.append(f"other places in the translation: {text!r}")
    if not COMPILED.is_file():
        found.append(f"missing: {COMPILED.relative_to(ROOT)} (make locales)")
    elif COMPILED.read_bytes() != compiled_bytes(catalogue):
        found.append(f"out of date: {COMPILED.relative_to(ROOT)} (make locales)")
    if not OVERLAY.with_suffix(".qm").is_file():
        found.append(f"missing: {OVERLAY.with_suffix('.qm').relative_to(ROOT)} (make locales)")
    return found


def _places(text: str) -> list[str]:
    return sorted(set(PLACE.findall(text)))


def compile_catalogue() -> None:
    """Write the .mo and the .qm file."""
    COMPILED.write_bytes(compiled_bytes(read_catalogue()))
    release = Path(PySide6.__file__).parent / f"lrelease{'.exe' if os.name == 'nt' else ''}"
    output = OVERLAY.with_suffix(".qm")
    subprocess.run([release, "-silent", OVERLAY, "-qm", output], check=True)


def update() -> None:
    """Bring the .po file in line with the code, keeping every translation still in use."""
    old = read_catalogue()
    fresh = Catalog(locale="zh_CN", domain="learnsite", charset="utf-8", fuzzy=False)
    for text in sorted(marked_texts()):
        entry = old.get(text)
        fresh.add(text, entry.string if entry is not None else "")
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=100, omit_header=True)
    header = CATALOGUE.read_text(encoding="utf-8").split("\n\n", 1)[0]
    CATALOGUE.write_text(
        header + "\n\n" + buffer.getvalue().decode("utf-8").strip() + "\n",
        encoding="utf-8",
        newline="\n",
    )


def main(word: str) -> int:
    """Do what `word` says; return the exit code."""
    if word == "compile":
        compile_catalogue()
    elif word == "update":
        update()
        compile_catalogue()
    elif word == "check":
        found = problems()
        print("\n".join(found) or "catalogue: complete")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
