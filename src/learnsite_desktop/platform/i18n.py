"""The language of everything that is shown: gettext with English message ids.

One catalogue serves command line, checks and windows. Chinese is the default and complete; when its
compiled file is missing, English is shown rather than nothing.
"""

import gettext
from collections.abc import Mapping
from functools import cache
from typing import Final

from learnsite_desktop.platform.resources import resource_root

DOMAIN: Final = "learnsite"
DEFAULT_LANGUAGE: Final = "zh"
LANGUAGES: Final[Mapping[str, str]] = {"zh": "zh_CN", "en": "en"}

_current = DEFAULT_LANGUAGE


class _Params(dict[str, object]):
    """Parameters of a text; a missing one shows as a question mark, never as a crash."""

    def __missing__(self, key: str) -> str:
        return "?"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(
        DOMAIN, resource_root() / "locale", languages=[LANGUAGES[language]], fallback=True
    )


def use(language: str) -> str:
    """Show everything in `language` ("zh" or "en") from now on; return the former language.

    Raises KeyError for a language that we do not have.
    """
    global _current
    LANGUAGES[language]
    former, _current = _current, language
    return former


def language() -> str:
    """Return the language in use: "zh" or "en"."""
    return _current


def _(message: str) -> str:
    """Return `message` in the language in use, itself when it has no translation."""
    return _catalogue(_current).gettext(message) if message else ""


def render(message: str, params: Mapping[str, object]) -> str:
    """Translate `message` and fill its `%(name)s` places from `params`."""
    return _(message) % _Params(params)
