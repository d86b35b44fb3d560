"""What went wrong, as the error object of an answer and an exit code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import click

from learnsite_desktop.domain.refusals import Cancelled, Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform.i18n import _, render
from learnsite_desktop.services import computer_errors

DONE: Final = 0
REFUSED: Final = 1
WRONG_USAGE: Final = 2
OUR_BUG: Final = 70

_SURPLUS: Final = "Got unexpected extra argument"


@dataclass(frozen=True, slots=True)
class Failure:
    """An exit code and the error object that explains it."""

    exit_code: int
    error: dict[str, Any]

    def answer(self) -> dict[str, Any]:
        """Return the whole JSON object."""
        return {"ok": False, "error": self.error}


def failure_of(error: BaseException) -> Failure:
    """Return how `error` is told: a refusal, wrong usage, or a mistake of ours."""
    refusal = refusal_of(error)
    if refusal is not None:
        return Failure(REFUSED, refusal_object(refusal))
    if isinstance(error, click.UsageError):
        return Failure(WRONG_USAGE, _usage(error))
    return Failure(
        OUR_BUG,
        {
            "code": "internal_error",
            "message": render(
                N_("The program made a mistake (%(type)s)."), {"type": type(error).__name__}
            ),
            "remedy": _(
                "What was saved before is safe. Please send the file logs/learnsite.jsonl of "
                "the data folder to whoever supports you."
            ),
            "where": "",
        },
    )


def refusal_of(error: BaseException) -> Refusal | None:
    """Return `error` as a refusal if it is one, or one of the computer's own refusals."""
    if isinstance(error, (KeyboardInterrupt, click.Abort, BrokenPipeError)):
        return Cancelled()
    return computer_errors.refusal_of(error)


def refusal_object(refusal: Refusal) -> dict[str, Any]:
    """Return the error object of a refusal in the language in use."""
    return {
        "code": refusal.code,
        "message": render(refusal.text.message, refusal.params),
        "remedy": render(refusal.text.remedy, refusal.params),
        "where": refusal.where,
    }


def _usage(error: click.UsageError) -> dict[str, Any]:
    place = error.ctx.command_path if error.ctx is not None else "learnsite"
    return {
        "code": "usage",
        "message": _explain(error),
        "remedy": render(N_("See %(command)s --help."), {"command": place}),
        "where": place,
    }


def _explain(error: click.UsageError) -> str:
    message, params = _words(error)
    return render(message, params)


def _words(error: click.UsageError) -> tuple[str, Mapping[str, object]]:
    if isinstance(error, click.NoSuchOption):
        return N_("There is no option %(name)s."), {"name": error.option_name}
    if isinstance(error, click.exceptions.NoSuchCommand):
        return N_("There is no command %(name)s."), {"name": error.command_name}
    if isinstance(error, click.exceptions.NoArgsIsHelpError) or _is_missing_command(error):
        return N_("A command is missing."), {}
    if isinstance(error, click.MissingParameter):
        return N_("%(name)s is missing."), {"name": _hint(error)}
    if isinstance(error, click.BadParameter):
        kind = error.param.type if error.param is not None else None
        if isinstance(kind, click.Choice):
            choices = " ".join(map(str, kind.choices))
            return N_("%(name)s must be one of: %(choices)s"), {
                "name": _hint(error),
                "choices": choices,
            }
        if isinstance(kind, click.types.IntParamType):
            return N_("%(name)s must be a whole number."), {"name": _hint(error)}
        return N_("%(name)s cannot be understood: %(detail)s"), {
            "name": _hint(error),
            "detail": error.message,
        }
    if isinstance(error, click.BadOptionUsage):
        return N_("%(name)s lacks its value, or takes none."), {"name": error.option_name}
    if error.message.startswith(_SURPLUS):
        surplus = error.message.partition("(")[2].rstrip(").")
        return N_("These words are too many: %(words)s"), {"words": surplus}
    return N_("The command line cannot be understood: %(detail)s"), {
        "detail": error.format_message()
    }


def _is_missing_command(error: click.UsageError) -> bool:
    return error.message == "Missing command."


def _hint(error: click.BadParameter) -> str:
    if error.param is None or error.ctx is None:
        return str(error.param_hint or "?")
    if isinstance(error.param, click.Argument):
        return error.param.make_metavar(error.ctx)
    return error.param.opts[0]
