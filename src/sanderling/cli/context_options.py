"""The options of the command line that say what pages send and trust: the same for every command that loads pages.

Thread: main.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click

from sanderling.base.errors import UsageError
from sanderling.browser.options import ContextOptions, Protection, ReplayMissing
from sanderling.cli.filter_options import read_hosts, read_patterns
from sanderling.proto.robots import RobotsScope

_OPTIONS = (
    click.option(
        "--inject-script",
        "inject_scripts",
        multiple=True,
        metavar="CODE|@FILE",
        help="Run before the page's own scripts; @FILE reads a file.",
    ),
    click.option(
        "--header", "-H", "headers", multiple=True, metavar="'NAME: VALUE'", help="Send this header with every request."
    ),
    click.option("--user-agent", default="", metavar="TEXT", help="Instead of Sanderling's own."),
    click.option(
        "--proxy",
        default="",
        metavar="URL",
        help="http, https, socks5 or socks5h proxy; by default what HTTP_PROXY, HTTPS_PROXY and ALL_PROXY say.",
    ),
    click.option(
        "--proxy-bypass", default="", metavar="LIST", help="Hosts to go to directly; by default what NO_PROXY says."
    ),
    click.option("--insecure", is_flag=True, help="Accept any certificate."),
    click.option(
        "--ca-cert",
        "ca_file",
        default="",
        metavar="FILE",
        help="Trust these certificates (PEM) instead of the system's.",
    ),
    click.option(
        "--client-cert",
        default="",
        metavar="FILE",
        help="Show this certificate (PEM) to servers that ask for one.",
    ),
    click.option("--client-key", default="", metavar="FILE", help="Its key (PEM), where that is not in the same file."),
    click.option(
        "--images/--no-images",
        default=None,
        help="Fetch images; serve does unless told otherwise, other commands do not.",
    ),
    click.option(
        "--disable",
        "disable",
        multiple=True,
        type=click.Choice(get_args(Protection)),
        help="Do without this rule of browsers; may be given several times.",
    ),
    click.option(
        "--block-private-networks/--allow-private-networks",
        "block_private_networks",
        default=None,
        help="Connect to the public internet only; the default where serve listens beyond loopback.",
    ),
    click.option(
        "--block-cidr", "block_cidrs", multiple=True, metavar="CIDR", help="Connect to none of these addresses."
    ),
    click.option(
        "--block-urls",
        "block_urls",
        multiple=True,
        metavar="PATTERN|@FILE",
        help="Fail requests whose URL holds this text ('*': anything); @FILE reads patterns, one a line.",
    ),
    click.option(
        "--block-hosts",
        "block_hosts",
        multiple=True,
        metavar="FILE",
        help="Fail requests to these hosts and what is below them: a hosts file, or names, one a line.",
    ),
    click.option(
        "--obey-robots",
        type=click.Choice(["pages", "all"]),
        default=None,
        metavar="[pages|all]",
        help="Ask robots.txt first, about pages (unless told otherwise) or every request; what is refused fails by that name.",
    ),
    click.option(
        "--nav-delay",
        "nav_delay_ms",
        type=click.IntRange(min=0),
        default=0,
        metavar="MS",
        help="Between navigations to one host, of all sessions together.",
    ),
    click.option(
        "--nav-burst",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="N",
        help="Navigations to a host that may come at once.",
    ),
    click.option("--har-redact", is_flag=True, help="Leave cookies and authorization out of the recording."),
    click.option(
        "--replay",
        default="",
        metavar="FILE",
        help="Load everything from this recording (HAR, or Playwright's zip of one) instead of the network.",
    ),
    click.option(
        "--replay-missing",
        type=click.Choice(get_args(ReplayMissing)),
        default="fail",
        show_default=True,
        help="What becomes of a request that the recording does not hold.",
    ),
    click.option(
        "--cookie", "cookie_file", default="", metavar="FILE", help="Load cookies: JSON or Netscape form, detected."
    ),
)


class ContextCommand(click.Command):
    """A command with these options, among them one whose value may be left out: ``--obey-robots`` alone means pages."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give the option its value: the next argument would be taken for it."""
        given = [
            "--obey-robots=pages"
            if text == "--obey-robots" and args[at + 1 : at + 2] not in (["pages"], ["all"])
            else text
            for at, text in enumerate(args)
        ]
        return super().parse_args(ctx, given)


def context_options(*, images: bool) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command these options; it gets `context`, a `ContextOptions`, for all of them but `cookie_file`, which it gets as given.

    Args:
        images: whether the command fetches images unless told otherwise.
    """

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        @functools.wraps(command)
        def with_context(**given: Any) -> int:
            chosen = given.pop("images")
            context = build(
                **{name: given.pop(name) for name in _BUILT_FROM}, images=images if chosen is None else chosen
            )
            return command(context=context, **given)

        for option in reversed(_OPTIONS):
            with_context = option(with_context)
        return with_context

    return decorate


def build(
    *,
    inject_scripts: tuple[str, ...],
    headers: tuple[str, ...],
    user_agent: str,
    proxy: str,
    proxy_bypass: str,
    insecure: bool,
    ca_file: str,
    client_cert: str,
    client_key: str,
    disable: tuple[Protection, ...],
    block_private_networks: bool | None,
    block_cidrs: tuple[str, ...],
    block_urls: tuple[str, ...],
    block_hosts: tuple[str, ...],
    obey_robots: RobotsScope | None,
    nav_delay_ms: int,
    nav_burst: int,
    har_redact: bool,
    replay: str,
    replay_missing: ReplayMissing,
    images: bool,
) -> ContextOptions:
    """Make a context's options of what was given.

    Raises:
        click.BadParameter: a header is malformed.
        UsageError: a script's or a filter's file cannot be read.
    """
    if not proxy:
        from sanderling.http.proxies import from_environment

        proxy, bypass = from_environment(os.environ)
        proxy_bypass = proxy_bypass or bypass
    return ContextOptions(
        user_agent=user_agent,
        extra_headers=tuple(parse_header(text) for text in headers),
        proxy=proxy,
        proxy_bypass=proxy_bypass,
        insecure=insecure,
        ca_file=_readable("--ca-cert", ca_file),
        client_cert=_readable("--client-cert", client_cert),
        client_key=_readable("--client-key", client_key),
        disable=disable,
        block_private_networks=block_private_networks,
        block_cidrs=tuple(_block(text) for text in block_cidrs),
        block_urls=read_patterns(block_urls),
        block_hosts=read_hosts(block_hosts),
        obey_robots=obey_robots or "",
        nav_delay_ms=nav_delay_ms,
        nav_burst=nav_burst,
        har_redact=har_redact,
        replay=replay,
        replay_missing=replay_missing,
        images=images,
        init_scripts=tuple(_script(text) for text in inject_scripts),
    )


_BUILT_FROM = tuple(name for name in inspect.signature(build).parameters if name != "images")
"""What `build` takes as click gives it: a new option of contexts is one more of `_OPTIONS` and one more argument there."""


def parse_header(text: str) -> tuple[str, str]:
    """Split ``Name: value`` as curl does.

    Raises:
        click.BadParameter: no colon, an empty name, or characters that HTTP forbids (RFC 9110, 5.1 and 5.5).
    """
    name, colon, value = text.partition(":")
    if not colon or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
        raise click.BadParameter(f"{text!r} is not of the form 'Name: value'")
    value = value.strip(" \t")
    if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
        raise click.BadParameter(f"the value of {name} holds a control character")
    return name, value


def _block(text: str) -> str:
    from sanderling.proto.addresses import parse_network

    try:
        return str(parse_network(text))
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is no block of addresses: {error}", param_hint="--block-cidr") from error


def _readable(option: str, path: str) -> str:
    """Give the absolute path of a file; empty for none.

    Raises:
        UsageError: it cannot be read.
    """
    if not path:
        return ""
    try:
        with Path(path).open("rb"):
            return str(Path(path).resolve())
    except OSError as error:
        raise UsageError(f"{option}: cannot read {path}: {error.strerror}") from error


def _script(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--inject-script: cannot read {text[1:]}: {error}") from error
