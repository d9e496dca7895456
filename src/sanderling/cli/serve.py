"""`sanderling serve`: a server of the Chrome DevTools Protocol.

Thread: main.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sanderling.cli.cache_options import cache_options
from sanderling.cli.context_options import ContextCommand, context_options
from sanderling.cli.exit_codes import ExitCode
from sanderling.cli.log_options import log_options

if TYPE_CHECKING:
    from sanderling.browser.options import ContextOptions, DiskCache
    from sanderling.server.options import Isolation
    from sanderling.server.server import Listening

MIB = 1 << 20


@click.command(cls=ContextCommand)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Name or address to listen on.")
@click.option(
    "--port", "-p", type=click.IntRange(0, 65535), default=None, metavar="PORT", help="0: any free one. Default: 9222."
)
@click.option(
    "--unix-socket",
    default="",
    metavar="PATH",
    help="Listen on a socket that only you can open; on TCP, too, only with --port.",
)
@click.option("--json", "as_json", is_flag=True, help="Print where it listens as one line of JSON.")
@click.option(
    "--token",
    default="",
    envvar="SANDERLING_TOKEN",
    metavar="TEXT",
    help="Clients must show it ('?token=' or 'Authorization: Bearer'); needed to listen beyond this machine. "
    "Better given as SANDERLING_TOKEN, which other users cannot see.",
)
@click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="NAME",
    help="A name clients may call the server by, besides localhost and addresses.",
)
@click.option(
    "--allow-origin",
    "allow_origins",
    multiple=True,
    metavar="ORIGIN",
    help="A web origin whose pages may connect; '*' for all.",
)
@click.option(
    "--max-clients", type=click.IntRange(min=1), default=512, show_default=True, metavar="N", help="Clients at once."
)
@click.option(
    "--max-message",
    "max_message",
    type=click.IntRange(min=1),
    default=256,
    show_default=True,
    metavar="MIB",
    help="Size of a client's message.",
)
@click.option(
    "--max-unread",
    "max_unread",
    type=click.IntRange(min=1),
    default=64,
    show_default=True,
    metavar="MIB",
    help="Drop a client that leaves more than this unread.",
)
@click.option(
    "--handshake-timeout",
    "handshake_timeout_ms",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    metavar="MS",
    help="For a whole request, from its connection on.",
)
@click.option(
    "--product",
    default="",
    metavar="NAME/VERSION",
    help="What clients are told; ChromeDriver wants Chrome/ and about its own version.",
)
@click.option(
    "--isolation",
    type=click.Choice(["process", "thread"]),
    default="process",
    show_default=True,
    help="Where pages live: a crash costs one client's pages, or all.",
)
@click.option(
    "--debugger",
    is_flag=True,
    help="Give pages V8's inspector: breakpoints, coverage, profiles, heap snapshots. Needs Linux with network namespaces.",
)
@click.option(
    "--workers-per-client",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Spread a client's contexts over N workers.",
)
@click.option(
    "--spare-workers",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that wait for the next client.",
)
@click.option(
    "--worker-memory",
    "worker_memory",
    type=click.IntRange(min=64),
    default=None,
    metavar="MIB",
    help="End a worker's process that uses more.",
)
@click.option(
    "--linger",
    "linger_s",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    metavar="S",
    help="How long a browser outlives its last client.",
)
@click.option("--shared-browser", is_flag=True, help="Give every client the same browser.")
@click.option(
    "--isolate-connections",
    is_flag=True,
    help="Share no connection, DNS answer and TLS session between contexts, by which a server could link them.",
)
@context_options(images=True)
@cache_options(shared=True)
@click.option(
    "--har",
    default="",
    metavar="DIR",
    help="Record everything that goes over the wire: one file (HAR 1.2) for each context, written when it ends.",
)
@click.option(
    "--max-pages", type=click.IntRange(min=1), default=1000, show_default=True, metavar="N", help="Pages of a worker."
)
@click.option(
    "--script-timeout",
    "script_timeout_ms",
    type=click.IntRange(min=1),
    default=30_000,
    show_default=True,
    metavar="MS",
    help="How long a page may compute without a pause.",
)
@log_options
def serve(
    host: str,
    port: int | None,
    unix_socket: str,
    as_json: bool,
    token: str,
    allow_hosts: tuple[str, ...],
    allow_origins: tuple[str, ...],
    max_clients: int,
    max_message: int,
    max_unread: int,
    handshake_timeout_ms: int,
    product: str,
    isolation: Isolation,
    debugger: bool,
    workers_per_client: int,
    spare_workers: int,
    worker_memory: int | None,
    linger_s: float,
    shared_browser: bool,
    isolate_connections: bool,
    cookie_file: str,
    har: str,
    max_pages: int,
    script_timeout_ms: int,
    context: ContextOptions,
    cache: DiskCache | None,
) -> int:
    """Serve clients of the Chrome DevTools Protocol (Puppeteer, Playwright and others) until SIGINT or SIGTERM.

    When clients can connect, one line on standard output says where: 'DevTools listening on ws://...'. Options of pages are
    defaults, which clients may change for their contexts. A second signal ends it without taking leave.
    """
    import msgspec

    from sanderling.app.serving import run_serve
    from sanderling.browser.browser import Limits
    from sanderling.server.options import DEFAULT_PRODUCT, ServeOptions

    options = ServeOptions(
        host=host,
        port=port,
        unix_socket=unix_socket,
        token=token,
        allow_hosts=allow_hosts,
        allow_origins=allow_origins,
        max_clients=max_clients,
        max_message_bytes=max_message * MIB,
        max_unread_bytes=max_unread * MIB,
        handshake_timeout_s=handshake_timeout_ms / 1000,
        product=product or DEFAULT_PRODUCT,
        isolation=isolation,
        debugger=debugger,
        workers_per_client=workers_per_client,
        spare_workers=spare_workers,
        worker_memory_bytes=(worker_memory or 0) * MIB,
        linger_s=linger_s,
        shared_browser=shared_browser,
        har=har,
        cache=cache,
        context=msgspec.structs.replace(context, isolate_connections=isolate_connections),
        limits=Limits(entry_deadline_s=script_timeout_ms / 1000, pages=max_pages),
    )
    run_serve(options, cookie_file=cookie_file, on_ready=lambda listening: _tell(listening, as_json))
    return ExitCode.OK


def _tell(listening: Listening, as_json: bool) -> None:
    """Print the line for machines; it comes out at once, also into a pipe."""
    import msgspec

    if as_json:
        print(msgspec.json.encode(listening).decode(), flush=True)
        return
    if listening.webSocketDebuggerUrl:
        print(f"DevTools listening on {listening.webSocketDebuggerUrl}", flush=True)
    else:
        print(f"DevTools listening on ws+unix://{listening.unixSocket}:/devtools/browser", flush=True)
