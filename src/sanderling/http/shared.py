"""What the fetches of a client have in common, as `fetching.Fetch` sees the client.

Thread: worker.
"""

from __future__ import annotations

from typing import Protocol

from sanderling.base.clock import Clock
from sanderling.http.jar import CookieJar
from sanderling.http.local import BlobResolver
from sanderling.http.preflights import Preflights
from sanderling.http.request import Request
from sanderling.http.stages import Proceed
from sanderling.network.messages import TransferOptions
from sanderling.proto.url import Url


class Rules(Protocol):
    """Rules that a user may have switched off."""

    @property
    def cors(self) -> bool:
        """Whether who asks other origins for something has to be allowed to read it."""

    @property
    def mixed_content(self) -> bool:
        """Whether secure pages may ask for nothing insecurely."""


class Shared(Protocol):
    """What all fetches of a client have in common."""

    @property
    def jar(self) -> CookieJar:
        """The cookies."""

    @property
    def proceed(self) -> Proceed:
        """The first stage."""

    @property
    def preflights(self) -> Preflights:
        """Preflights that need not be repeated."""

    @property
    def clock(self) -> Clock:
        """Tells how long a preflight is remembered."""

    @property
    def resolve_blob(self) -> BlobResolver | None:
        """Knows `blob:` URLs."""

    @property
    def user_agent(self) -> str:
        """The header."""

    @property
    def accept_language(self) -> str:
        """The header."""

    @property
    def extra_headers(self) -> tuple[tuple[str, str], ...]:
        """The user's."""

    @property
    def options(self) -> Rules:
        """Which rules hold."""

    def transfer_options(self, request: Request, url: Url, *, credentials: bool) -> TransferOptions:
        """How a request travels."""
