from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Hashable

import pytest

from sanderling.network import schedule
from sanderling.network.schedule import (
    LONG_S,
    MAX_CONNECTIONS_PER_HOST,
    MAX_RUNNING,
    MAX_RUNNING_PER_WORKER,
    MAX_STREAMS_PER_LANE,
    Schedule,
)


def test_a_plain_origin_gets_six_at_once_and_the_rest_one_by_one() -> None:
    plan: Schedule[int] = Schedule()
    held = [plan.add("a", "lane", "worker", 2, number, first_alone=False) for number in range(10)]
    assert held == [False] * 10
    assert plan.take(0) == [0, 1, 2, 3, 4, 5]
    assert plan.take(0) == []
    plan.remove(3)
    assert plan.take(0) == [6]
    assert len(plan) == 9


def test_the_first_to_a_new_origin_goes_alone_until_it_is_connected() -> None:
    plan: Schedule[int] = Schedule()
    held = [plan.add("a", "lane", "worker", 2, number, first_alone=True) for number in range(200)]
    assert held == [False] + [True] * 199
    assert plan.take(0) == [0]
    plan.connected(0)
    assert len(plan.take(0)) == MAX_CONNECTIONS_PER_HOST - 1
    plan.multiplexes(0, True)
    assert len(plan.take(0)) == MAX_STREAMS_PER_LANE - MAX_CONNECTIONS_PER_HOST
    assert plan.take(0) == []


def test_when_the_first_fails_before_it_connects_the_next_goes_alone() -> None:
    plan: Schedule[int] = Schedule()
    for number in range(3):
        plan.add("a", "lane", "worker", 2, number, first_alone=True)
    assert plan.take(0) == [0]
    plan.remove(0)
    assert plan.take(0) == [1]
    assert plan.take(0) == []


def test_priority_goes_before_age_and_age_before_chance() -> None:
    plan: Schedule[str] = Schedule()
    plan.add("a", "lane", "worker", 0, "first", first_alone=True)
    assert plan.take(0) == ["first"]
    for name, priority in (("image", 3), ("script", 1), ("fetch", 2), ("style", 1)):
        plan.add("a", "lane", "worker", priority, name, first_alone=True)
    plan.connected("first")
    assert plan.take(0) == ["script", "style", "fetch", "image"]


def test_one_removed_while_it_waited_never_starts() -> None:
    plan: Schedule[int] = Schedule()
    for number in range(8):
        plan.add("a", "lane", "worker", 2, number, first_alone=False)
    plan.take(0)
    plan.remove(6)
    plan.remove(6)
    plan.remove(0)
    assert plan.take(0) == [7]


def test_origins_take_turns_and_the_whole_is_bounded() -> None:
    plan: Schedule[tuple[int, int]] = Schedule()
    for origin in range(200):
        for number in range(10):
            plan.add(origin, "lane", f"worker {number % 3}", 2, (origin, number), first_alone=False)
    started = plan.take(0)
    assert len(started) == MAX_RUNNING
    assert started[:3] == [(0, 0), (1, 0), (2, 0)]
    plan.remove(started[0])
    assert len(plan.take(0)) == 1


def test_nothing_stays_of_an_origin_without_transfers() -> None:
    plan: Schedule[int] = Schedule()
    for number in range(1000):
        plan.add(f"origin {number}", "lane", "worker", 2, number, first_alone=True)
        assert plan.take(0) == [number]
        plan.remove(number)
    assert len(plan) == 0
    assert left(plan) == [{}] * 5


def left(plan: Schedule[int]) -> list[object]:
    """Give everything that a schedule keeps."""
    return [plan._hosts, plan._entries, dict(plan._workers), plan._counting, plan._ready]


def test_a_worker_with_a_thousand_does_not_keep_anothers_one_waiting() -> None:
    plan: Schedule[str] = Schedule()
    for number in range(1000):
        plan.add("host", "lane", "greedy", 0, f"greedy {number}", first_alone=False)
    running = plan.take(0)
    plan.add("host", "lane", "modest", 4, "modest", first_alone=False)
    order = []
    for _ in range(3):
        plan.remove(running.pop(0))
        order += plan.take(0)
    assert order == ["greedy 6", "modest", "greedy 7"]


def test_workers_take_turns_and_each_has_its_own_order() -> None:
    plan: Schedule[str] = Schedule()
    plan.add("host", "lane", "x", 0, "first", first_alone=True)
    plan.take(0)
    for worker in "ab":
        for priority in (4, 2, 0, 3):
            plan.add("host", "lane", worker, priority, f"{worker}{priority}", first_alone=True)
    plan.connected("first")
    assert plan.take(0) == ["a0", "b0", "a2", "b2", "a3"]


def test_lanes_of_a_host_share_its_connections_and_not_its_streams() -> None:
    plan: Schedule[int] = Schedule()
    for number in range(20):
        plan.add("host", f"lane {number % 2}", number, 2, number, first_alone=True)
    assert plan.take(0) == [0, 1], "each lane asks for itself what the server speaks"
    plan.connected(0)
    plan.connected(1)
    assert len(plan.take(0)) == MAX_CONNECTIONS_PER_HOST - 2
    plan.multiplexes(1, True)
    # Each has three. Those of the lane that multiplexes do not count: it takes the rest of its ten, and the other lane has six.
    assert len(plan.take(0)) == 7 + 3
    assert plan.waiting == 20 - 10 - MAX_CONNECTIONS_PER_HOST
    plan.multiplexes(1, False)
    plan.remove(0)
    assert plan.take(0) == []


def test_what_lasts_long_does_not_shut_out_others_for_good() -> None:
    plan: Schedule[str] = Schedule()
    for number in range(8):
        plan.add("host", "lane", "greedy", 2, f"stream {number}", first_alone=False)
    assert len(plan.take(0)) == 6
    plan.add("host", "lane", "modest", 2, "modest", first_alone=False)
    assert plan.relief_at() == LONG_S
    assert plan.take(LONG_S - 0.1) == []
    assert plan.take(LONG_S) == ["modest"], "and none of the greedy one's, who has six connections still"
    plan.remove("stream 0")
    assert plan.take(LONG_S) == ["stream 6"]


def test_one_worker_cannot_have_everything_at_once() -> None:
    plan: Schedule[int] = Schedule()
    for number in range(1000):
        plan.add(number, "lane", "greedy", 2, number, first_alone=False)
    assert len(plan.take(0)) == MAX_RUNNING_PER_WORKER
    plan.add(0, "lane", "modest", 2, -1, first_alone=False)
    assert plan.take(0) == [-1]
    plan.remove(5)
    assert plan.take(0) == [MAX_RUNNING_PER_WORKER]


def test_when_the_whole_is_full_workers_take_turns_over_all_hosts() -> None:
    plan: Schedule[tuple[str, int]] = Schedule()
    for worker in "abc":
        for number in range(300):
            plan.add((worker, number), "lane", worker, 2, (worker, number), first_alone=False)
    running = plan.take(0)
    assert len(running) == MAX_RUNNING
    assert Counter(worker for worker, _ in running) == {"a": 171, "b": 171, "c": 170}
    plan.add("elsewhere", "lane", "d", 4, ("d", 0), first_alone=False)
    order: list[str] = []
    for _ in range(5):
        plan.remove(running.pop())
        order += [worker for worker, _ in plan.take(0)]
    assert "d" in order[:4]


def test_nothing_is_relieved_where_nothing_waits() -> None:
    plan: Schedule[str] = Schedule()
    assert plan.relief_at() == math.inf
    plan.add("host", "lane", "worker", 2, "one", first_alone=False)
    plan.take(0)
    assert plan.relief_at() == math.inf
    assert plan.take(LONG_S) == []


@pytest.mark.parametrize("seed", range(20))
def test_limits_hold_and_nothing_is_lost_whatever_happens(seed: int) -> None:
    chance = random.Random(seed)
    plan: Schedule[int] = Schedule()
    lane_of: dict[int, tuple[Hashable, Hashable]] = {}
    multiplexed: set[Hashable] = set()
    waiting: set[int] = set()
    running: dict[int, float] = {}
    now = 0.0
    for number in range(3000):
        now += chance.random() * 0.02
        step = chance.random()
        if step < 0.5:
            lane = (chance.randrange(4), chance.randrange(3))
            plan.add(lane[0], lane, chance.randrange(8), chance.randrange(5), number, first_alone=lane[1] > 0)
            lane_of[number] = lane
            waiting.add(number)
        elif step < 0.6 and waiting:
            gone = chance.choice(sorted(waiting))
            plan.remove(gone)
            waiting.remove(gone)
        elif running:
            one = chance.choice(sorted(running))
            plan.connected(one)
            if step < 0.75:
                plan.multiplexes(one, lane_of[one][1] == 1)
                if lane_of[one][1] == 1:
                    multiplexed.add(lane_of[one])
            else:
                plan.remove(one)
                del running[one]
        for transfer in plan.take(now):
            waiting.remove(transfer)
            running[transfer] = now
        assert plan.waiting == len(waiting)
        short = Counter(
            lane_of[one][0] for one, since in running.items() if since > now - LONG_S and lane_of[one][1] != 1
        )
        assert max(short.values(), default=0) <= MAX_CONNECTIONS_PER_HOST
    for transfer in [*running, *waiting]:
        plan.remove(transfer)
    assert left(plan) == [{}] * 5
    assert multiplexed


def test_many_that_are_cancelled_while_they_wait_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "MAX_CONNECTIONS_PER_HOST", 1)
    plan: Schedule[int] = Schedule()
    for number in range(2):
        plan.add("host", "lane", "worker", 2, number, first_alone=False)
    plan.take(0)
    for number in range(2, 5000):
        plan.add("host", "lane", "worker", 2, number, first_alone=False)
        plan.remove(number)
    assert len(plan._hosts["host"].waiting["worker"]["lane"].heap) < 100
