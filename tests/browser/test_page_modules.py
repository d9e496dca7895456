"""How imports are driven. Thread: any."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from sanderling.browser.page_modules import REST_S, PageModules


class Agent:
    """An engine that asks for a module in some of its entries."""

    def __init__(self, asks: set[int]) -> None:
        self.asks = asks
        self.entries = 0
        self.modules: PageModules | None = None

    async def enter(self, kind: str) -> None:
        assert kind == "timers.run"
        self.entries += 1
        if self.entries in self.asks:
            assert self.modules is not None
            self.modules._touches += 1


class Modules(PageModules):
    def __init__(self, agent: Agent) -> None:
        super().__init__(cast(Any, None))
        self.agent = agent
        agent.modules = self

    def _agent(self) -> Any:
        return self.agent


def entries_with(*asks: int) -> int:
    agent = Agent(set(asks))
    asyncio.run(Modules(agent)._drive())
    return agent.entries


def test_an_import_is_driven_until_the_engine_has_had_time_to_ask_again() -> None:
    # The engine's threads may be slower than entries that follow one another at once.
    assert entries_with() == len(REST_S)
    assert any(REST_S)
    late = len(REST_S) - 1
    assert entries_with(1, late) == late + len(REST_S)
