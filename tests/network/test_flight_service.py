"""Who goes out, who waits, and who takes over."""

from __future__ import annotations

import msgspec
import pytest

from sanderling.network import flight_service
from sanderling.network.flight_service import Board, Boarded, FlightService, Land


class Tower:
    """The service, and what it answered."""

    def __init__(self) -> None:
        self.service = FlightService()
        self.answers: dict[str, Boarded] = {}

    def board(self, who: str, name: str = "a") -> None:
        def answered(body: bytes) -> None:
            assert who not in self.answers
            self.answers[who] = msgspec.json.decode(body, type=Boarded)

        self.forget = self.service.ask(who, msgspec.json.encode(Board(name)), answered)

    def land(self, who: str, name: str = "a", *, stored: bool = False, abandoned: bool = False) -> None:
        land = Land(name, self.answers[who].ticket, stored, abandoned)
        self.service.ask(who, msgspec.json.encode(land), lambda body: None)

    def leads(self, who: str) -> bool:
        return who in self.answers and self.answers[who].ticket > 0


def test_the_first_one_leads_and_the_others_wait() -> None:
    tower = Tower()
    for who in ("one", "two", "three"):
        tower.board(who)
    tower.board("other", "b")
    assert tower.leads("one")
    assert tower.leads("other")
    assert set(tower.answers) == {"one", "other"}
    tower.land("one", stored=True)
    assert tower.answers["two"] == tower.answers["three"] == Boarded(stored=True)
    tower.board("four")
    assert tower.leads("four")


def test_what_is_of_no_use_to_others() -> None:
    tower = Tower()
    for who in ("one", "two", "three"):
        tower.board(who)
    tower.land("one")
    assert tower.answers["two"] == tower.answers["three"] == Boarded()


def test_the_next_one_takes_over() -> None:
    tower = Tower()
    for who in ("one", "two", "three", "four"):
        tower.board(who)
    tower.land("one", abandoned=True)
    assert tower.leads("two")
    assert "three" not in tower.answers
    tower.land("one", stored=True)  # its ticket is not valid any more
    assert "three" not in tower.answers
    tower.service.left("two")  # its process ended
    assert tower.leads("three")
    tower.land("three", stored=True)
    assert tower.answers["four"].stored


def test_who_no_longer_waits_is_left_out() -> None:
    tower = Tower()
    tower.board("one")
    tower.board("two")
    tower.forget()
    tower.board("three")
    tower.land("one", abandoned=True)
    assert tower.leads("three")
    assert "two" not in tower.answers


def test_nothing_stays_when_all_are_gone() -> None:
    tower = Tower()
    tower.board("one")
    tower.service.left("one")
    tower.board("two")
    assert tower.leads("two")


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid value"):
        FlightService().ask("one", b'{"type":"Fly"}', lambda body: None)


def test_who_leads_too_much_asks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flight_service, "MAX_LED", 2)
    tower = Tower()
    for name in ("a", "b"):
        tower.board("one", name)
        first = tower.answers.pop("one")
        assert first.ticket
    tower.board("one", "c")
    assert tower.answers.pop("one") == Boarded()
    tower.board("two", "c")  # nobody waits for what is not led
    assert tower.leads("two")
    tower.answers["one"] = first
    tower.land("one", "b", stored=True)
    del tower.answers["one"]
    tower.board("one", "d")
    assert tower.leads("one")
