from __future__ import annotations

from sanderling.network import schedule
from sanderling.network.schedule import MAX_CONNECTIONS_PER_ORIGIN, MAX_RUNNING, MAX_STREAMS_PER_ORIGIN, Schedule


def test_a_plain_origin_gets_six_at_once_and_the_rest_one_by_one() -> None:
    plan: Schedule[int] = Schedule()
    held = [plan.add("a", 2, number, first_alone=False) for number in range(10)]
    assert held == [False] * 10
    assert plan.take() == [0, 1, 2, 3, 4, 5]
    assert plan.take() == []
    plan.remove(3)
    assert plan.take() == [6]
    assert len(plan) == 9


def test_the_first_to_a_new_origin_goes_alone_until_it_is_connected() -> None:
    plan: Schedule[int] = Schedule()
    held = [plan.add("a", 2, number, first_alone=True) for number in range(200)]
    assert held == [False] + [True] * 199
    assert plan.take() == [0]
    plan.connected(0)
    assert len(plan.take()) == MAX_CONNECTIONS_PER_ORIGIN - 1
    plan.multiplexes(0, True)
    assert len(plan.take()) == MAX_STREAMS_PER_ORIGIN - MAX_CONNECTIONS_PER_ORIGIN
    assert plan.take() == []


def test_when_the_first_fails_before_it_connects_the_next_goes_alone() -> None:
    plan: Schedule[int] = Schedule()
    for number in range(3):
        plan.add("a", 2, number, first_alone=True)
    assert plan.take() == [0]
    plan.remove(0)
    assert plan.take() == [1]
    assert plan.take() == []


def test_priority_goes_before_age_and_age_before_chance() -> None:
    plan: Schedule[str] = Schedule()
    plan.add("a", 0, "first", first_alone=True)
    assert plan.take() == ["first"]
    for name, priority in (("image", 3), ("script", 1), ("fetch", 2), ("style", 1)):
        plan.add("a", priority, name, first_alone=True)
    plan.connected("first")
    assert plan.take() == ["script", "style", "fetch", "image"]


def test_one_removed_while_it_waited_never_starts() -> None:
    plan: Schedule[int] = Schedule()
    for number in range(8):
        plan.add("a", 2, number, first_alone=False)
    plan.take()
    plan.remove(6)
    plan.remove(6)
    plan.remove(0)
    assert plan.take() == [7]


def test_origins_take_turns_and_the_whole_is_bounded() -> None:
    plan: Schedule[tuple[int, int]] = Schedule()
    for origin in range(200):
        for number in range(10):
            plan.add(origin, 2, (origin, number), first_alone=False)
    started = plan.take()
    assert len(started) == MAX_RUNNING
    assert started[:3] == [(0, 0), (1, 0), (2, 0)]
    plan.remove(started[0])
    assert len(plan.take()) == 1


def test_nothing_stays_of_an_origin_without_transfers() -> None:
    plan: Schedule[int] = Schedule()
    for number in range(1000):
        plan.add(f"origin {number}", 2, number, first_alone=True)
        assert plan.take() == [number]
        plan.remove(number)
    assert len(plan) == 0
    assert plan._origins == {}
    assert schedule.MAX_RUNNING > 0
