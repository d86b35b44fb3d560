"""Commands and sections in click, with the options that every command understands.

A command function takes an `Invocation` and its own arguments by keyword, and returns the keys of
its JSON object or raises a Refusal. Help texts are message ids.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.parser import _OptionParser

from learnsite_desktop import __version__
from learnsite_desktop.cli.commands import COMMANDS
from learnsite_desktop.cli.failures import refusal_object, refusal_of
from learnsite_desktop.cli.invocation import Result, Settings, Window, Worded
from learnsite_desktop.domain.clock import FixedClock
from learnsite_desktop.domain.ids import is_hash, is_record_id
from learnsite_desktop.domain.refusals import Refusal
from learnsite_desktop.domain.wording import N_
from learnsite_desktop.platform import i18n
from learnsite_desktop.platform.i18n import _
from learnsite_desktop.platform.logs import close_diary, note_refusal, open_diary
from learnsite_desktop.services.telling import Listener

_LOG = logging.getLogger(__name__)

_WRITTEN = ("out", "faults", "slips")
"""Parameters that name a file which a command writes."""

_HEADINGS = {
    "Usage": N_("Usage"),
    "Options": N_("Options"),
    "Commands": N_("Commands"),
    "Positional arguments": N_("Arguments"),
}


class Shown(Exception):
    """Help or version was asked for: `key` names the text in a JSON object."""

    def __init__(self, key: str, text: str) -> None:
        self.key = key
        self.text = text
        super().__init__(key)


class Moment(click.ParamType[datetime]):
    """An ISO date and time; without offset it is meant in this computer's time zone."""

    name = "ISO"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the aware moment or fail as wrong usage."""
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(render_bad_moment(str(value)), param, ctx)
        return moment if moment.utcoffset() is not None else moment.astimezone()


def render_bad_moment(value: str) -> str:
    """Return the sentence for a moment that cannot be read."""
    return i18n.render(
        N_("%(value)s is not a date and time such as 2026-03-31T09:00:00+08:00"), {"value": value}
    )


def _settings(ctx: click.Context) -> Settings:
    found = ctx.find_object(Settings)
    if found is None:
        raise LookupError("the command line was started without settings")
    return found


def _set_json(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value:
        _settings(ctx).json = True


def _set_folder(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value is not None:
        _settings(ctx).folder = Path(value).expanduser()


def _set_language(_ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value is not None:
        i18n.use(value)


def _set_clock(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value is not None:
        _settings(ctx).clock = FixedClock(value)


def _set_operator(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value is not None:
        _settings(ctx).operator = value


def _show_help(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        raise Shown("help", ctx.get_help())


def _show_version(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        raise Shown("version", __version__)


def global_options(*, hidden: bool) -> list[click.Parameter]:
    """Return fresh options that hold for every command, before or after its name."""

    def option(name: str, key: str, act: Any, about: str, **more: Any) -> click.Option:
        return click.Option(
            [name, key],
            callback=act,
            help=about,
            hidden=hidden,
            expose_value=False,
            is_eager=True,
            **more,
        )

    return [
        option("--data", "_folder", _set_folder, N_("Folder of the workspace."), metavar="DIR"),
        option("--json", "_json", _set_json, N_("Answer with one JSON object."), is_flag=True),
        option(
            "--lang",
            "_language",
            _set_language,
            N_("Language of texts: zh (default) or en."),
            type=click.Choice(sorted(i18n.LANGUAGES)),
        ),
        option("--now", "_clock", _set_clock, N_("Work as if it were this moment."), type=Moment()),
        option(
            "--operator", "_operator", _set_operator, N_("Who works, by record id."), metavar="ID"
        ),
    ]


class _Formatter(click.HelpFormatter):
    """Help pages with translated headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{_(_HEADINGS['Usage'])}: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_(_HEADINGS.get(heading, heading)))


class _Context(click.Context):
    formatter_class = _Formatter


class _Parser(_OptionParser):
    """Click's parser, to which an id or a key is no option even if it begins with a dash.

    One random id in 64 does.
    """

    def _process_opts(self, arg: str, state: Any) -> None:
        if is_record_id(arg) or is_hash(arg):
            state.largs.append(arg)
        else:
            super()._process_opts(arg, state)


class _Frame(click.Command):
    """What commands and sections share: translated help, global options, help as an answer."""

    context_class = _Context

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(global_options(hidden=True))
        self._own_help = click.Option(
            ["--help", "-h", "_help"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_help,
            help=N_("Show this page."),
        )

    def make_parser(self, ctx: click.Context) -> _Parser:
        """Return the parser with the options and arguments of this command."""
        parser = _Parser(ctx)
        for param in self.get_params(ctx):
            param.add_to_parser(parser, ctx)
        return parser

    def get_help_option(self, ctx: click.Context) -> click.Option:
        """Return the help option; it answers instead of printing."""
        del ctx
        return self._own_help

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first line of the translated help."""
        del limit
        return _(self.help).split("\n", 1)[0] if self.help else ""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the translated help."""
        del ctx
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(_(self.help))

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the documented positional arguments, translated."""
        rows = [
            (param.make_metavar(ctx), _(param.help))
            for param in self.get_params(ctx)
            if isinstance(param, click.Argument) and param.help
        ]
        if rows:
            with formatter.section("Positional arguments"):
                formatter.write_dl(rows)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, translated."""
        rows = []
        for param in self.get_params(ctx):
            found = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if found is not None and isinstance(param, click.Option):
                about = param.help or ""
                rows.append((found[0], _(about) + found[1].removeprefix(about)))
        if rows:
            with formatter.section("Options"):
                formatter.write_dl(rows)


class Command(_Frame):
    """One command; its function gets the Invocation first."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the function; a mistake of ours goes into the workspace's diary and up."""
        if self.callback is None:
            raise TypeError(f"command {self.name} has no function")
        invocation = _settings(ctx).invocation()
        diary = open_diary(invocation.folder)
        try:
            _spare_own_files(invocation.folder, ctx.params)
            with Listener() as listener:
                return _with_told(ctx.invoke(self.callback, invocation, **ctx.params), listener)
        except (Refusal, OSError) as error:
            _note(invocation.folder, error)
            raise
        except click.ClickException:
            raise
        except Exception:
            _LOG.exception("internal error in %s", ctx.command_path)
            raise
        finally:
            close_diary(diary)


def _spare_own_files(folder: Path, params: Mapping[str, Any]) -> None:
    """Refuse `file_exists` where a command would write over the records or keys themselves."""
    for name in _WRITTEN:
        path = params.get(name)
        if isinstance(path, Path) and path.is_file() and path.resolve().parent == folder.resolve():
            raise Refusal("file_exists", where=str(path))


def _note(folder: Path, error: BaseException) -> None:
    """Write into the diary what was refused; where there is no workspace nothing is written."""
    from learnsite_desktop.services.workspace import DATABASE_NAME  # noqa: PLC0415 - loaded by now

    refusal = refusal_of(error)
    if refusal is not None and (folder / DATABASE_NAME).is_file():
        note_refusal(_LOG, refusal.code, error)


def _with_told(result: Result, listener: Listener) -> Result:
    """Add what somebody must be told to an answer, under `told`."""
    if not listener.heard or result is None:
        return result
    if isinstance(result, Worded):
        return result
    return {**result, "told": [refusal_object(one) for one in listener.heard]}


class Section(_Frame, click.Group):
    """Several commands under one word, such as `learner list` and `learner import`."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


class Root(Section):
    """The program itself: loads a command's module when the command is used."""

    def __init__(self, window: Window | None = None) -> None:
        """`window` opens the program's window; it is called when no command is named."""
        super().__init__(
            "learnsite",
            help=N_("Keep the records of community learning sites and pass them on as files."),
            invoke_without_command=window is not None,
            callback=None if window is None else _opening(window),
        )
        self.params[:] = [
            *global_options(hidden=False),
            click.Option(
                ["--version", "_version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help=N_("Show the version."),
            ),
        ]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command, None for an unknown name."""
        del ctx
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _colon, attribute = place.partition(":")
        found = getattr(import_module(module), attribute)
        if not isinstance(found, _Frame):
            raise TypeError(f"{place} is no command")
        return found


def _opening(window: Window) -> Callable[[], None]:
    def open_window() -> None:
        context = click.get_current_context()
        if context.invoked_subcommand is None:
            window(_settings(context).invocation())

    return open_window


def command(name: str, about: str) -> Callable[[Callable[..., Result]], Command]:
    """Make a function a command; `about` is its help, a message id marked with `N_`."""
    return click.command(name, cls=Command, help=about)


def section(name: str, about: str) -> Section:
    """Return an empty section; add commands with `@NAME.command("word", help=N_("..."))`."""
    return Section(name, help=about)
