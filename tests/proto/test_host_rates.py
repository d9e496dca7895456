from __future__ import annotations

import pytest

from sanderling.proto.host_rates import MAX_BACKOFF_S, SWEEP_AT, HostRates, parse_retry_after


def test_a_burst_and_then_one_at_a_time() -> None:
    rates = HostRates()
    waits = [rates.reserve("a.test", 100.0, delay_s=2, burst=2, max_wait_s=60) for _ in range(4)]
    assert waits == [0, 0, 2, 4]
    assert rates.reserve("b.test", 100.0, delay_s=2, burst=2, max_wait_s=60) == 0
    assert rates.reserve("a.test", 200.0, delay_s=2, burst=2, max_wait_s=60) == 0


def test_too_long_a_wait_takes_no_place() -> None:
    rates = HostRates()
    assert rates.reserve("a.test", 0.0, delay_s=50, max_wait_s=60) == 0
    assert rates.reserve("a.test", 0.0, delay_s=50, max_wait_s=60) == 50
    assert rates.reserve("a.test", 0.0, delay_s=50, max_wait_s=60) == 100
    assert rates.reserve("a.test", 0.0, delay_s=50, max_wait_s=60) == 100
    rates.give_back("a.test", 50)
    assert rates.reserve("a.test", 0.0, delay_s=50, max_wait_s=60) == 50


def test_a_host_that_asks_to_be_left_alone() -> None:
    rates = HostRates()
    assert rates.answered("a.test", 0.0, 429, 30.0)
    assert rates.reserve("a.test", 10.0, delay_s=0, max_wait_s=60) == 20
    assert rates.reserve("a.test", 31.0, delay_s=0, max_wait_s=60) == 0


def test_refusals_without_a_time_are_waited_for_longer_each_time() -> None:
    rates = HostRates()
    now, waits = 0.0, []
    for _ in range(9):
        rates.answered("a.test", now, 503, None)
        waits.append(rates.reserve("a.test", now, delay_s=0, max_wait_s=1000))
        now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, MAX_BACKOFF_S, MAX_BACKOFF_S, MAX_BACKOFF_S]
    rates.answered("a.test", now, 200, None)
    rates.answered("a.test", now, 503, None)
    assert rates.reserve("a.test", now, delay_s=0, max_wait_s=1000) == 1


def test_all_hosts_share_a_budget_of_repetitions() -> None:
    rates = HostRates(retry_tokens=2)
    assert [rates.answered(f"{n}.test", 0.0, 503, 0.0) for n in range(3)] == [True, True, False]
    for _ in range(11):
        assert not rates.answered("good.test", 0.0, 200, None)
    assert rates.answered("a.test", 0.0, 503, 0.0)


def test_idle_hosts_are_forgotten() -> None:
    rates = HostRates()
    for number in range(3 * SWEEP_AT):
        rates.reserve(f"{number}.test", float(number), delay_s=1, max_wait_s=60)
    assert len(rates) <= SWEEP_AT


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 60.0),
        ("Thu, 01 Jan 1970 00:00:10 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("9" * 70, None),
    ],
)
def test_retry_after(value: str, expected: float | None) -> None:
    assert parse_retry_after(value, 40.0) == expected
