"""The fake lobby passes the contract of lobbies."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from sanderling.server.links import Lobby
from sanderling.testing.lobby import FakeLobby
from tests.server.lobby_contract import LobbyContract


class TestFakeLobby(LobbyContract):
    """Without browsers."""

    @contextlib.asynccontextmanager
    async def lobby(self) -> AsyncIterator[Lobby]:
        yield FakeLobby()
