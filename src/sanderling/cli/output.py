"""Where the results of `fetch` go: standard output, a file or a directory; and the progress bar beside it.

Thread: main.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click
import msgspec

from sanderling.browser.options import DumpFormat
from sanderling.browser.result import FetchResult
from sanderling.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_MAX_NAME = 120
"""Length of a file name made from a URL; file systems allow 255 bytes, extensions and the hash come on top."""


def file_stem(url: str, index: int) -> str:
    """Make a file name from a URL: readable, unique by its number, safe on every file system."""
    name = re.sub(r"^[a-z]+://", "", url)
    name = re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("._") or "page"
    if len(name) > _MAX_NAME:
        digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        name = f"{name[:_MAX_NAME]}-{digest}"
    return f"{index + 1:04d}-{name}"


class FetchSink:
    """Writes finished results, in the order in which they finish.

    Args:
        formats: the dumps asked for.
        output: path, or empty for standard output.
        directory: `output` is a directory with one file per URL and format.
        extensions: file extension by format.
    """

    def __init__(
        self, *, formats: Sequence[DumpFormat], output: str, directory: bool, extensions: Mapping[str, str]
    ) -> None:
        self._formats = formats
        self._output = output
        self._directory = directory
        self._extensions = extensions
        self.failure: ExitCode | None = None  # OUTPUT once something could not be written

    def write(self, index: int, result: FetchResult) -> None:
        """Write one result; a failed page writes no content, and its reason goes to standard error."""
        if result.error is not None:
            click.echo(f"sanderling: {result.url}: {result.error.message}", err=True)
            if "json" not in self._formats:
                return
        for name in self._formats:
            if result.error is not None and name != "json":
                continue
            text = self._text(name, result)
            if not self._output:
                self._print(text)
                continue
            target = Path(self._output)
            if self._directory:
                target = target / f"{file_stem(result.url, index)}.{self._extensions[name]}"
            self._save(target, text)

    def _print(self, text: str) -> None:
        if sys.stdout is None:
            self._fail("standard output: it is closed")
            return
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise  # quiet (cli/main.py)
        except OSError as error:
            self._fail(f"standard output: {error.strerror}")

    def _fail(self, what: str) -> None:
        click.echo(f"sanderling: cannot write {what}", err=True)
        self.failure = ExitCode.OUTPUT

    def _save(self, target: Path, text: str) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8", errors="surrogatepass")
        except OSError as error:
            self._fail(f"{target}: {error.strerror}")

    @staticmethod
    def _text(name: DumpFormat, result: FetchResult) -> str:
        if name == "json":
            return msgspec.json.encode(result).decode() + "\n"
        text = result.content[name]
        return text if text.endswith("\n") else text + "\n"


class ProgressReporter:
    """A progress bar on standard error, when that is a terminal."""

    def __init__(self, *, total: int, enabled: bool) -> None:
        self._total = total
        self._enabled = enabled and sys.stderr.isatty()
        self._progress: Progress | None = None  # set while entered
        self._task: TaskID | None = None
        self._failed = 0

    def __enter__(self) -> Self:
        if self._enabled:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task("fetching", total=self._total)
        return self

    def advance(self, result: FetchResult) -> None:
        """Count one finished page."""
        if result.error is not None:
            self._failed += 1
        if self._progress is not None and self._task is not None:
            text = f"fetching ({self._failed} failed)" if self._failed else "fetching"
            self._progress.update(self._task, advance=1, description=text)

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
