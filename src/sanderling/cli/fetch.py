"""`sanderling fetch`: load pages and print what they became.

Thread: main.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from sanderling.base.pattern import late_pattern
from sanderling.browser.options import ContextOptions, DiskCache, DumpFormat, FetchOptions, WaitUntil
from sanderling.browser.result import FetchResult
from sanderling.cli.cache_options import cache_options
from sanderling.cli.context_options import ContextCommand, context_options
from sanderling.cli.exit_codes import BY_KIND, ExitCode
from sanderling.cli.log_options import log_options
from sanderling.cli.output import FetchSink, ProgressReporter
from sanderling.cli.stats import show

if TYPE_CHECKING:
    from sanderling.app.runtime import Isolation
    from sanderling.js.engine_thread import EngineThread
    from sanderling.network.counters import Counters

_EXTENSIONS: dict[str, str] = {"html": "html", "markdown": "md", "text": "txt", "links": "links.json", "json": "json"}


_HOST_FIRST = late_pattern(
    r"(?:localhost|[^\s/?#:@\[\]]+\.[^\s/?#:@\[\]]+|\[[0-9a-f:.]+\])(?::[0-9]+)?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL
)
"""What begins with a host, and perhaps a port: `localhost:8080/x`, `example.org`."""


def read_urls(arguments: Iterable[str], files: Iterable[str]) -> list[str]:
    """Collect the URLs of the command line, of `--urls` files, and of standard input for ``-``.

    One without a scheme that begins with a host is of http, as for curl.
    """
    return [f"http://{url}" if _HOST_FIRST.fullmatch(url) else url for url in _given_urls(arguments, files)]


def _given_urls(arguments: Iterable[str], files: Iterable[str]) -> list[str]:
    urls: list[str] = []
    for argument in arguments:
        if argument == "-":
            urls += _lines(sys.stdin.read())
        else:
            urls.append(argument)
    for name in files:
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise click.BadParameter(f"cannot read {name}: {error}", param_hint="--urls") from error
        urls += _lines(text)
    return urls


@contextlib.contextmanager
def _engine_thread(*, wanted: bool) -> Iterator[EngineThread | None]:
    """Begin the thread of a worker, where one is wanted, and end it if no worker came to it."""
    if not wanted:
        yield None
        return
    from sanderling.js.engine_thread import EngineThread

    engine = EngineThread()
    try:
        yield engine
    finally:
        engine.abandon()


def _lines(text: str) -> list[str]:
    return [line for raw in text.splitlines() if (line := raw.strip()) and not line.startswith("#")]


@click.command(cls=ContextCommand)
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--urls", "url_files", multiple=True, metavar="FILE", help="Read URLs from FILE, one a line ('-': standard input)."
)
@click.option(
    "--dump",
    "dumps",
    multiple=True,
    type=click.Choice(get_args(DumpFormat)),
    help="What to print; several at once need --output DIR. Default: html.",
)
@click.option("--main-content", is_flag=True, help="Markdown and text of the article only.")
@click.option(
    "--wait-until",
    type=click.Choice(get_args(WaitUntil)),
    default="load",
    show_default=True,
    help="When the page counts as ready.",
)
@click.option("--wait-selector", default="", metavar="CSS", help="Then wait until an element matches.")
@click.option("--wait-script", default="", metavar="EXPRESSION", help="Then wait until the expression is truthy.")
@click.option("--wait-ms", type=click.IntRange(min=0), default=0, metavar="MS", help="Then wait so many milliseconds.")
@click.option(
    "--timeout",
    "timeout_ms",
    type=click.IntRange(min=1),
    default=30_000,
    show_default=True,
    metavar="MS",
    help="For everything, per URL.",
)
@context_options(images=False)
@cache_options(shared=False)
@click.option(
    "--cookie-jar",
    "cookie_jar",
    default="",
    metavar="FILE",
    help="Save cookies at the end; Netscape form unless FILE ends in .json.",
)
@click.option("--har", default="", metavar="FILE", help="Record everything that goes over the wire (HAR 1.2).")
@click.option("--fail-on-http-error", is_flag=True, help="A status of 400 or more is a failure (exit code 22).")
@click.option("--jobs", "-j", type=click.IntRange(min=1, max=256), default=4, show_default=True, help="Pages at once.")
@click.option(
    "--isolation",
    type=click.Choice(["process", "thread"]),
    default=None,
    help="Where pages live: a crash costs one page, or all. Default: process for several URLs.",
)
@click.option(
    "--worker-memory",
    "worker_memory",
    type=click.IntRange(min=64),
    default=None,
    metavar="MIB",
    help="End a page's process that uses more.",
)
@click.option(
    "--output", "-o", default="", metavar="DIR|FILE", help="Write there: a directory for several URLs or dumps."
)
@click.option("--stats", is_flag=True, help="Show what went over the network, as a table on standard error.")
@log_options
def fetch(
    urls: tuple[str, ...],
    url_files: tuple[str, ...],
    dumps: tuple[DumpFormat, ...],
    main_content: bool,
    wait_until: WaitUntil,
    wait_selector: str,
    wait_script: str,
    wait_ms: int,
    timeout_ms: int,
    cookie_file: str,
    cookie_jar: str,
    har: str,
    fail_on_http_error: bool,
    jobs: int,
    isolation: Isolation | None,
    worker_memory: int | None,
    output: str,
    stats: bool,
    context: ContextOptions,
    cache: DiskCache | None,
) -> int:
    """Load each URL in a page of its own, run its scripts, and print the result.

    Content goes to standard output, everything else to standard error. Exit codes: 0 all good, 2 usage,
    3 name, 4 connection, 5 TLS, 6 timeout, 7 page, 8 robots.txt, 9 crash, 22 HTTP status; of several failures the first
    in the order given counts.
    """
    targets = read_urls(urls, url_files)
    output = "" if output == "-" else output
    if not targets:
        raise click.UsageError("no URL given")
    formats: tuple[DumpFormat, ...] = dumps or ("html",)
    if len(formats) > 1 and not output:
        raise click.UsageError("several --dump formats need --output DIR")
    if len(targets) > 1 and not output and formats != ("json",):
        raise click.UsageError("several URLs need --output DIR, or --dump json")
    options = FetchOptions(
        dumps=formats,
        main_content=main_content,
        wait_until=wait_until,
        wait_selector=wait_selector,
        wait_script=wait_script,
        wait_ms=wait_ms,
        timeout_ms=timeout_ms,
        fail_on_http_error=fail_on_http_error,
    )
    directory = bool(output) and (len(targets) > 1 or len(formats) > 1 or output.endswith("/") or Path(output).is_dir())
    sink = FetchSink(formats=formats, output=output, directory=directory, extensions=_EXTENSIONS)
    isolation = isolation or ("process" if len(targets) > 1 or worker_memory else "thread")
    with (
        _engine_thread(wanted=isolation == "thread" and not worker_memory) as engine,
        ProgressReporter(total=len(targets), enabled=len(targets) > 1) as progress,
    ):
        from sanderling.app.fetching import run_fetch  # after the engine's thread has begun: this is most of the start

        def finished(index: int, result: FetchResult) -> None:
            sink.write(index, result)
            progress.advance(result)

        def counted(counters: Counters) -> None:
            if stats:
                show(counters)

        results = run_fetch(
            targets,
            options,
            context,
            jobs=jobs,
            isolation=isolation,
            worker_memory_bytes=(worker_memory or 0) * 1024 * 1024,
            cookie_file=cookie_file,
            cookie_jar=cookie_jar,
            har=har,
            cache=cache,
            engine=engine,
            on_result=finished,
            on_counters=counted,
        )
    code = next((BY_KIND[result.error.kind] for result in results if result.error is not None), ExitCode.OK)
    return int(sink.failure or code)
