"""The registry of record kinds: every module of this package declares one kind as `KIND`.

A new record kind is one new file here. Nothing else has to know it by name.
"""

from importlib import import_module
from pkgutil import iter_modules

from learnsite_desktop.domain.fields import Kind


def _declared() -> dict[str, Kind]:
    found = (
        import_module(f"{__name__}.{module.name}").KIND
        for module in sorted(iter_modules(__path__), key=lambda module: module.name)
    )
    return {kind.name: kind for kind in found}


KINDS: dict[str, Kind] = _declared()


def by_section() -> dict[str, Kind]:
    """Kinds by their section in a capture file."""
    return {kind.section: kind for kind in KINDS.values() if kind.section}
