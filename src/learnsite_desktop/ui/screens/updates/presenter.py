"""What the screen of newer programs shows: what runs here, what lies here and for whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services.updates.installing import Ready, list_updates
from learnsite_desktop.services.workspace import Workspace

_MB: Final = 1_000_000
PLATFORMS: Final[Mapping[str, str]] = {
    "deb-amd64": N_("Debian, Kylin (.deb)"),
    "uos-amd64": N_("deepin, UOS (.deb)"),
    "linux-x86_64": N_("Linux, from a stick"),
    "windows-x64": N_("Windows 10, 11"),
}
_WHY: Final[Mapping[str, tuple[str, str]]] = {
    "update_same": ("received", N_("runs here already")),
    "update_older": ("received", N_("older than what runs here")),
    "update_other_platform": ("note", N_("to be passed on")),
    "update_too_far": ("warning", N_("another version first")),
    "update_schema_older": ("warning", N_("cannot read the records here")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A program, or a unit; see `widgets.row_list.ListRow`."""

    key: str
    kind: str
    cells: tuple[str, ...]
    status: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole screen: `newest` is the version that may be installed here, "" for none."""

    running: str
    rows: tuple[Row, ...]
    newest: str
    passes_on: bool


def look(workspace: Workspace) -> Shown:
    """Return what the screen shows; asks the receipts of every unit below."""
    found = list_updates(workspace)
    fitting = [row for row in found["updates"] if row["for_here"]]
    return Shown(
        running=_running(found),
        rows=tuple(_rows(found)),
        newest=str(fitting[0]["version"]) if fitting else "",
        passes_on=bool(found["below"]),
    )


def _running(found: Mapping[str, Any]) -> str:
    platform = _(PLATFORMS.get(str(found["platform"]), N_("run from its source")))
    said = {"version": found["running"], "platform": platform}
    text = render(_("This computer runs version %(version)s: %(platform)s."), said)
    if not found["publishers"]:
        return " ".join(
            (text, _("It knows no publisher, so that no update file can be trusted here."))
        )
    return text


def _rows(found: Mapping[str, Any]) -> Iterator[Row]:
    if found["updates"]:
        yield Row("here", "heading", (_("Came to this computer"), "", "", ""))
    for row in found["updates"]:
        platform, why = str(row["platform"]), row["why"]
        status, word = _WHY.get(str(why), ("ok", N_("for this computer")))
        cells = (
            _(PLATFORMS[platform]),
            str(row["version"]),
            str(row["name"]),
            f"{row['size'] / _MB:.1f} MB",
        )
        yield Row(f"{platform} {row['version']}", "program", cells, status, _(word))
    if found["below"]:
        yield Row("below", "heading", (_("What the units below run"), "", "", ""))
    for row in found["below"]:
        version = str(row["version"] or _("not said yet"))
        yield Row(str(row["unit"]), "unit", (str(row["name"]), version, "", ""))


def before(newest: str) -> str:
    """Return what the one key does, or why there is nothing to be done."""
    if not newest:
        return _(
            "No newer program for this computer has come. It comes as a file (.lsu) on the stick "
            "with the files from above, and is taken in with them."
        )
    text = _(
        "Version %(version)s has come. Ctrl+S makes a backup, writes the installer out and says "
        "what to do next; nothing is installed yet."
    )
    return render(text, {"version": newest})


def after(ready: Ready) -> str:
    """Return what is to be done next, step by step."""
    lines = [render(_("Backed up: %(path)s"), {"path": str(ready.backup)})]
    lines += [f"{number}. {step}" for number, step in enumerate(ready.steps, 1)]
    return "\n".join(lines)
