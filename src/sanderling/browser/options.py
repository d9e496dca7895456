"""What a user can choose for a context and for one fetch: plain data, as it crosses to a worker.

Thread: any.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from sanderling.http.certificates import ClientCertificate
from sanderling.proto.robots import RobotsScope

WaitUntil: TypeAlias = Literal["commit", "domcontentloaded", "load", "networkidle", "stable"]
"""What a navigation waits for; `stable` is no request and no DOM mutation for `QUIET_MS`."""

DumpFormat: TypeAlias = Literal["html", "markdown", "text", "links", "json"]

ReplayMissing: TypeAlias = Literal["fail", "network"]

DEFAULT_TIMEOUT_MS = 30_000
"""Playwright's default for navigations and waits."""

QUIET_MS = 500
"""The quiet window of `networkidle` and `stable`, as in Puppeteer and Playwright."""


class Cookie(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A cookie as users write it; the names are those of CDP and Playwright."""

    name: str
    value: str
    url: str = ""
    """Gives domain, path and secure where these are empty."""
    domain: str = ""
    path: str = ""
    expires: float = -1
    """Seconds since the epoch; -1 for a session cookie."""
    httpOnly: bool = False  # noqa: N815 - CDP's name
    secure: bool = False
    sameSite: str = ""  # noqa: N815 - CDP's name
    partitionKey: str = ""  # noqa: N815 - Playwright's name
    """Top-level site that a partitioned cookie belongs to, ``https://example.com``; empty for one that all share."""
    hasCrossSiteAncestor: bool = False  # noqa: N815 - CDP's name
    """Of the partition: another site stands between the top-level document and who uses the cookie."""


class OriginStorage(msgspec.Struct, frozen=True, kw_only=True):
    """What an origin has stored."""

    origin: str
    """Serialised."""
    items: tuple[tuple[str, str], ...] = ()
    """localStorage: names and values."""
    indexed_db: str = ""
    """Indexed databases, as JSON in Playwright's form; empty for none."""


class StorageState(msgspec.Struct, frozen=True, kw_only=True):
    """What a context keeps for its pages."""

    cookies: tuple[Cookie, ...] = ()
    origins: tuple[OriginStorage, ...] = ()


Protection: TypeAlias = Literal["cors", "csp", "mixed-content"]
"""Rules that a user may switch off: who may read the answers of other origins, Content Security Policies, insecure requests of secure pages."""


class DiskCache(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP cache on disk."""

    folder: str
    """Absolute. Every worker that uses it may read and write it."""
    shared: bool = False
    """Several users' contexts share it: what was asked for with cookies or credentials, or is private, is kept in the context's memory."""
    max_bytes: int = 512 * 1024 * 1024
    max_entries: int = 20_000


class ContextOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Options of a browser context."""

    user_agent: str = ""
    """Empty for Sanderling's own."""
    extra_headers: tuple[tuple[str, str], ...] = ()
    """Sent with every request; they replace ours of the same name."""
    proxy: str = ""
    """For all, or by scheme as Chromium writes it: ``http=…;https=…``."""
    proxy_bypass: str = ""
    """What goes to its server directly (`http.proxies.ProxyRules`)."""
    insecure: bool = False
    """Do not verify certificates."""
    ca_file: str = ""
    """PEM bundle that replaces the system's."""
    client_cert: str = ""
    """PEM file with a certificate (and what leads from it to its authority) for servers that ask for one."""
    client_key: str = ""
    """PEM file with its key; empty where that is in `client_cert`."""
    client_certificates: tuple[ClientCertificate, ...] = ()
    """Shown to their origins instead."""
    accept_language: str = "en-US,en;q=0.9"
    obey_robots: RobotsScope = ""
    """What robots.txt is asked about: nothing, pages and frames, or every request."""
    nav_delay_ms: int = 0
    """Between navigations of all sessions to one host, in the long run; 0 for no limit."""
    nav_burst: int = 1
    """Navigations to a host that may come at once."""
    block_private_networks: bool | None = None
    """Connect to nothing that is not of the public internet. None: only where a server listens beyond loopback."""
    block_cidrs: tuple[str, ...] = ()
    """Connect to none of these blocks of addresses."""
    block_urls: tuple[str, ...] = ()
    """Patterns of URLs that fail (`proto.url_filters`)."""
    block_hosts: str = ""
    """Serialised hosts that fail with all below them, one a line: one text, since lists are long."""
    isolate_connections: bool = False
    """Share no connection, DNS answer and TLS session with other contexts, by which a server could link them."""
    cookies: tuple[Cookie, ...] = ()
    local_storage: tuple[OriginStorage, ...] = ()
    """To begin with."""
    init_scripts: tuple[str, ...] = ()
    """Run in every new document before its own scripts."""
    disable: tuple[Protection, ...] = ()
    """What browsers protect users with and this context does without."""
    har_journal: str = ""
    """Absolute path of the journal that a recording (HAR) is made of; granted for writing. Empty for none."""
    har_redact: bool = False
    """Leave cookies and authorization out of the recording."""
    replay: str = ""
    """Absolute path of the recording that stands for the network; granted for reading. Empty for none."""
    replay_missing: ReplayMissing = "fail"
    """What becomes of a request that the recording does not hold."""
    images: bool = False
    """Fetch images, for their events and sizes; otherwise no image is asked for, and each says that it is complete."""
    viewport_width: int = 1280
    viewport_height: int = 720
    """CSS pixels of the emulated viewport; Playwright's default size."""


class FetchOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Options of `fetch` for one URL."""

    dumps: tuple[DumpFormat, ...] = ("html",)
    main_content: bool = False
    """Markdown and text of the article only."""
    wait_until: WaitUntil = "load"
    wait_selector: str = ""
    wait_script: str = ""
    """A JavaScript expression; waited for until it is truthy."""
    wait_ms: int = 0
    """Waited after everything else, in milliseconds."""
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    """For the whole fetch."""
    fail_on_http_error: bool = False
