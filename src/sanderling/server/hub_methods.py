"""What a method that a hub answers itself is made of, and the tables of them.

Thread: main.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from sanderling.server.targets import SessionRecord

if TYPE_CHECKING:
    from sanderling.server.client import HubClient
    from sanderling.server.hub import Hub


class Asked(NamedTuple):
    """Where a command came from."""

    client: HubClient
    hub: Hub
    session: SessionRecord
    method: str
    params: bytes


Result: TypeAlias = "Mapping[str, Any] | None"
P = TypeVar("P")

Run: TypeAlias = Callable[[Asked, P], Awaitable[Result]]


class HubMethods(dict[str, tuple[type[Any], Callable[[Asked, Any], Awaitable[Result]]]]):
    """Methods by name: what their params must be, and what performs them."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, str] = {}  # why, by the names of those that say what is not supported, and do nothing

    def method(self, name: str, params: type[P]) -> Callable[[Run[P]], Run[P]]:
        """Enter a function in the table, under the name of the method that it is."""

        def declare(run: Run[P]) -> Run[P]:
            self[name] = (params, run)
            return run

        return declare
