"""What the server relies on in a lobby: the fake one and the real one pass it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

import pytest

from sanderling.server.links import Lobby, RefusedError
from tests.server.support import until


class Link:
    """A client's link that remembers what it was told."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[bytes] = asyncio.Queue()
        self.closed: list[tuple[int, str]] = []

    def send(self, data: bytes) -> None:
        self.sent.put_nowait(data)

    def close(self, code: int, reason: str) -> None:
        self.closed.append((code, reason))

    def pause(self) -> None:
        pass

    def resume(self) -> None:
        pass


class LobbyContract(ABC):
    """Derive a test class from it and say how a lobby is made."""

    @abstractmethod
    def with_lobby(self, test: Callable[[Lobby], Awaitable[None]]) -> None:
        """Run `test` with a fresh lobby that has one page."""

    def test_browsers_have_paths_of_their_own(self) -> None:
        async def test(lobby: Lobby) -> None:
            paths = {lobby.new_browser_path() for _ in range(3)}
            assert len(paths) == 3
            for path in paths:
                assert path.startswith("/devtools/browser/")
                lobby.check(path)

        self.with_lobby(test)

    def test_paths_are_checked(self) -> None:
        async def test(lobby: Lobby) -> None:
            (page,) = lobby.targets()
            for path in ("/", "/devtools/browser", f"/devtools/page/{page.id}"):
                lobby.check(path)
            for path, status in (
                ("/devtools/browser/none", 404),
                ("/devtools", 404),
                ("/elsewhere", 404),
                ("/devtools/page/none", 500),
            ):
                with pytest.raises(RefusedError) as refused:
                    lobby.check(path)
                assert refused.value.status == status

        self.with_lobby(test)

    def test_pages_are_listed_opened_and_closed(self) -> None:
        async def test(lobby: Lobby) -> None:
            (first,) = lobby.targets()
            assert (first.type, first.url) == ("page", "about:blank")
            second = await lobby.open_target("about:blank")
            assert second.id != first.id
            assert {target.id for target in lobby.targets()} == {first.id, second.id}
            lobby.activate_target(second.id)
            await lobby.close_target(second.id)
            await until(lambda: [target.id for target in lobby.targets()] == [first.id])  # soon
            with pytest.raises(RefusedError, match=f"No such target id: {second.id}"):
                await lobby.close_target(second.id)
            with pytest.raises(RefusedError) as refused:
                lobby.activate_target(second.id)
            assert refused.value.status == 404

        self.with_lobby(test)

    def test_clients_come_and_go(self) -> None:
        async def test(lobby: Lobby) -> None:
            links = [Link() for _ in range(3)]
            handlers = [lobby.connect("/", link) for link in links]
            for handler in handlers:
                handler.gone()
            assert isinstance(lobby.health(), dict)

        self.with_lobby(test)
