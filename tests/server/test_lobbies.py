"""The fake lobby and the real one pass the contract of lobbies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sanderling.server.links import Lobby
from sanderling.testing.lobby import FakeLobby
from tests.server.hub_driver import on_network
from tests.server.lobby_contract import LobbyContract
from tests.server.support import run


class TestFakeLobby(LobbyContract):
    """Without browsers."""

    def with_lobby(self, test: Callable[[Lobby], Awaitable[None]]) -> None:
        run(lambda: test(FakeLobby()))


class TestBrowsers(LobbyContract):
    """With browsers, whose workers are threads."""

    def with_lobby(self, test: Callable[[Lobby], Awaitable[None]]) -> None:
        on_network(test)
