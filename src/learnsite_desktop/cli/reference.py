"""Writes ``docs/reference.md``: the catalogues of the program, rendered from the code.

``python -m learnsite_desktop.cli.reference --write`` renews the file in a checkout; without the
option the text goes to standard output. A test compares the file with the code.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from learnsite_desktop.domain.fields import Field, Kind, Register
from learnsite_desktop.domain.issues import ISSUES
from learnsite_desktop.domain.records import KINDS
from learnsite_desktop.domain.refusals import REFUSALS
from learnsite_desktop.domain.verbs import SPECIAL, VERBS, verbs_of

PLACE: Final = Path(__file__).resolve().parents[3] / "docs" / "reference.md"

_OPENING: Final = """# Reference

Rendered from the code by `python -m learnsite_desktop.cli.reference --write`; do not edit it here.
"""


def render_issues() -> str:
    """Return the section of issue codes: severity, usual field, words and source."""
    rows = (
        (f"`{issue.code}`", issue.severity.value, issue.field, issue.message, issue.remedy)
        for issue in sorted(ISSUES.values(), key=lambda issue: issue.code)
    )
    about = (
        "An **error** stops the entry. A **warning** stops it until a reason is written\n"
        "under its code. A **note** asks for nothing. The field is where the issue usually\n"
        "shows; `*` stands for any."
    )
    headings = ("Code", "Severity", "Field", "Message", "Remedy")
    return _section("Issues", about, _table(headings, rows))


def render_refusals() -> str:
    """Return the section of refusal codes with message and remedy."""
    rows = (
        (f"`{text.code}`", text.message, text.remedy)
        for text in sorted(REFUSALS.values(), key=lambda text: text.code)
    )
    about = "What is refused has changed nothing. Exit code 1."
    return _section("Refusals", about, _table(("Code", "Message", "Remedy"), rows))


def render_operation_kinds() -> str:
    """Return the section of operation kinds: the verbs, and where each record comes from."""
    verbs = [(f"`{verb}`", "all", text) for verb, text in VERBS.items()]
    verbs += [
        (f"`{verb}`", kind, text) for kind, more in SPECIAL.items() for verb, text in more.items()
    ]
    kinds = (
        (
            f"`{kind.name}`",
            kind.section or "–",
            _identity(kind),
            f"{kind.parent or '–'}",
            ", ".join(f"`{kind.name}.{verb}`" for verb in verbs_of(kind.name)),
        )
        for kind in KINDS.values()
        if not kind.document
    )
    about = (
        "One operation is one save of one record; its kind is the record's kind and a verb. The\n"
        "verb tells people what was done: merging looks at registers and parents alone."
    )
    records = (
        "A record's id is random unless it came through a capture file or follows from a natural\n"
        "key. The parent is the reference whose deletion takes the record along; its unit is the\n"
        "record's. Some kinds have no section: they are written by commands of their own."
    )
    headings = ("Record kind", "Section of a capture file", "Id follows from", "Parent",
                "Operation kinds")  # fmt: skip
    tables = f"{_table(('Verb', 'Record kinds', 'What it does'), verbs)}\n{records}\n\n"
    return _section("Operation kinds", about, tables + _table(headings, kinds))


def render_registers() -> str:
    """Return the section of registers, kind after kind."""
    about = (
        "A register is what merges as one. The values of private registers never stand in an\n"
        "operation; `= …` names the code list, `→ …` the kind referred to, `*` a required field."
    )
    headings = ("Register", "Fields", "Private", "Changes", "Layer")
    tables = []
    for kind in KINDS.values():
        rows = [_register(register) for register in kind.registers]
        rows += [
            (f"`{family.prefix}…`", _fields((family.key, *family.fields)), "", "yes", "fact")
            for family in kind.maps
        ]
        tables.append(f"### {kind.name}\n\n{_table(headings, rows)}")
    return _section("Registers", about, "\n".join(tables))


SECTIONS: Final[Sequence[Callable[[], str]]] = (
    render_issues,
    render_refusals,
    render_operation_kinds,
    render_registers,
)


def render_reference() -> str:
    """Return the whole document."""
    return "\n".join((_OPENING, *(render() for render in SECTIONS)))


def _identity(kind: Kind) -> str:
    """Return the natural key in words, a dash where ids are random."""
    return ", ".join(kind.natural_key) or "–"


def _register(register: Register) -> tuple[str, ...]:
    """Return one register as a row."""
    return (
        f"`{register.key}`",
        _fields(register.fields),
        "yes" if register.private else "",
        "yes" if register.mutable else "no",
        "computed" if register.computed else register.layer,
    )


def _fields(fields: Iterable[Field]) -> str:
    """Return fields with type, code list, kind referred to and members."""
    return ", ".join(_field(field) for field in fields)


def _field(field: Field) -> str:
    """Return one field in words."""
    shape = f"{field.type.value}{' list' if field.many else ''}"
    if field.codes:
        shape += f" = {field.codes}"
    if field.ref:
        shape += f" → {'any' if field.ref == '*' else field.ref}"
    if field.members:
        shape += f" of {_fields(field.members)}"
    return f"{field.name}{'*' if field.required else ''} ({shape})"


def _section(title: str, about: str, body: str) -> str:
    """Return a section of the document."""
    return f"## {title}\n\n{about}\n\n{body}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown; bars in cells are escaped."""
    lines = [headings, ["---"] * len(headings), *rows]
    shown = (" | ".join(_cell(cell) for cell in line) for line in lines)
    return "".join(f"| {line} |\n" for line in shown)


def _cell(text: str) -> str:
    """Return a cell; a lone star would start italics."""
    return "\\*" if text == "*" else text.replace("|", "\\|")


def main(words: Sequence[str]) -> int:
    """Write the document into the checkout (``--write``) or to standard output."""
    if list(words) == ["--write"]:
        PLACE.parent.mkdir(exist_ok=True)
        PLACE.write_text(render_reference(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.buffer.write(render_reference().encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
