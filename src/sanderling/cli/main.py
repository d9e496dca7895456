"""The `sanderling` command: the group, and what all commands share.

Thread: main.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

import click

from sanderling.base import interpreter
from sanderling.base.errors import SanderlingError, UsageError
from sanderling.base.version import VERSION
from sanderling.cli.exit_codes import ExitCode

_COMMANDS = {"fetch": "sanderling.cli.fetch", "serve": "sanderling.cli.serve"}
"""One file per command, imported when it is asked for: none loads what another needs."""


class _Commands(click.Group):
    """The group; a reader that has gone away ends every command quietly (`| head`)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command; None for one that does not exist."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(_COMMANDS[cmd_name]), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command. Click itself would end with 1."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Keep the interpreter from flushing into the closed pipe at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return ExitCode.OK


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="sanderling")
def cli() -> None:
    """A headless browser for automation and AI agents: real JavaScript, real DOM, no pixels."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code (`cli/exit_codes.py`).

    Args:
        arguments: the words after the program's name; the process's own by default.
    """
    try:
        result = cli.main(
            args=None if arguments is None else list(arguments), standalone_mode=False, prog_name="sanderling"
        )
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.Abort:
        click.echo("interrupted", err=True)
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except UsageError as error:
        click.echo(f"sanderling: {error}", err=True)
        return ExitCode.USAGE
    except SanderlingError as error:
        click.echo(f"sanderling: {error}", err=True)
        return ExitCode.INTERNAL
    return int(result) if isinstance(result, int) else ExitCode.OK


def entry_point() -> None:
    """The console script."""
    interpreter.begin()
    interpreter.leave(main())
