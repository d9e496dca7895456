from __future__ import annotations

import asyncio
import socket
import sys
import threading
from collections.abc import Callable

import pytest

from sanderling.base.errors import ClosedError, InternalError
from sanderling.network.handle import Handle
from sanderling.network.messages import Done, Notify, Output, Reply, Shutdown, Submit
from sanderling.network.network import COMMANDS_PER_TURN, THREAD_NAME, Network
from tests.leaks import nothing_stays
from tests.network.peers import WAIT_S, Client, Peer, answer, read_request, serving

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc/self/fd is Linux's")


def hanging() -> Peer:
    """Make a server that takes requests and never answers."""

    def script(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.recv(1)

    return Peer(script)


def started() -> Network:
    network = Network()
    network.start_thread()
    return network


@needs_proc
def test_nothing_is_left_of_a_network_that_was_stopped_in_full_flight() -> None:
    with nothing_stays(), hanging() as peer, serving(lambda _: answer(b"x")) as other:
        before = set(threading.enumerate())
        network = started()
        (mine,) = (one for one in set(threading.enumerate()) - before if one.name == THREAD_NAME)
        worker = Client(network)
        for index in range(40):
            assert worker.fetch(other.url, isolation_key=str(index)).done.body == b"x"
        numbers = [worker.submit(f"{peer.url}{index}", stream=index % 2 == 0) for index in range(50)]
        worker.fetch(other.url)
        network.stop()
        network.stop()
        for number in numbers:
            assert worker.result(number).failure.code == "net::ERR_ABORTED"
        assert worker.others == [Shutdown()]
        late = worker.submit(peer.url)
        assert worker.result(late).failure.code == "net::ERR_ABORTED"
        assert not mine.is_alive()


def test_commands_sent_before_it_runs_are_obeyed_when_it_does() -> None:
    network = Network()
    worker = Client(network)
    with serving(lambda _: answer(b"early")) as peer:
        number = worker.submit(peer.url)
        network.start_thread()
        assert worker.result(number).done.body == b"early"
        network.stop()


def test_run_takes_the_calling_thread_and_returns_when_it_is_stopped() -> None:
    network = Network()
    seen: list[int] = []

    async def main() -> None:
        seen.append(threading.get_ident())
        with pytest.raises(InternalError):
            network.stop()
        network.stop_soon()

    network.run(main)
    assert seen == [threading.get_ident()]
    network.stop()
    with pytest.raises(InternalError):
        network.run(main)


def test_run_goes_on_after_main_has_returned() -> None:
    network = Network()
    begun = threading.Event()

    async def main() -> None:
        begun.set()

    def use() -> None:
        assert begun.wait(WAIT_S)
        with serving(lambda _: answer(b"x")) as peer:
            bodies.append(Client(network).fetch(peer.url).done.body)
        network.stop()

    bodies: list[bytes] = []
    thread = threading.Thread(target=use)
    thread.start()
    network.run(main)
    thread.join(WAIT_S)
    assert bodies == [b"x"]


def test_an_error_of_main_stops_everything_and_comes_out() -> None:
    network = Network()
    worker = Client(network)

    async def main() -> None:
        raise ValueError("mine")

    with hanging() as peer:
        number = worker.submit(peer.url)
        with pytest.raises(ValueError, match="mine"):
            network.run(main)
        assert worker.result(number).failure.code == "net::ERR_ABORTED"


def test_a_main_that_waits_is_cancelled_by_stop() -> None:
    network = Network()
    running = threading.Event()
    ends: list[str] = []

    async def main() -> None:
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("cancelled")

    thread = threading.Thread(target=network.run, args=(main,))
    thread.start()
    assert running.wait(WAIT_S)
    network.stop()
    thread.join(WAIT_S)
    assert ends == ["cancelled"]


def test_stopped_before_it_ran() -> None:
    network = Network()
    worker = Client(network)
    number = worker.submit("http://127.0.0.1:1/")
    network.stop()
    network.stop()
    assert worker.result(number).failure.code == "net::ERR_ABORTED"
    with pytest.raises(ClosedError):
        network.run(lambda: asyncio.sleep(0))
    with pytest.raises(InternalError):
        network.start_thread()
    assert Client(network).fetch("http://127.0.0.1:1/").failure.code == "net::ERR_ABORTED"


def test_what_keeps_it_from_starting_comes_out_of_start_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(24, "too many open files")

    monkeypatch.setattr("sanderling.network.network.Curl", fail)
    network = Network()
    worker = Client(network)
    number = worker.submit("http://127.0.0.1:1/")
    with nothing_stays(), pytest.raises(OSError, match="too many open files"):
        network.start_thread()
    assert worker.result(number).failure.code == "net::ERR_ABORTED"
    network.stop()


def test_many_threads_may_stop_it_at_once() -> None:
    network = started()
    with hanging() as peer:
        worker = Client(network)
        number = worker.submit(peer.url)
        stoppers = [threading.Thread(target=network.stop) for _ in range(8)]
        for thread in stoppers:
            thread.start()
        for thread in stoppers:
            thread.join(WAIT_S)
            assert not thread.is_alive()
        assert worker.result(number).failure.code == "net::ERR_ABORTED"


def test_messages_come_out_on_the_networks_thread_in_order_also_the_last_ones() -> None:
    network = started()
    heard: list[tuple[Reply | Notify | Output, str]] = []
    handle = network.new_handle()
    handle.on_message(lambda message: heard.append((message, threading.current_thread().name)))
    messages: list[Reply | Notify] = [Reply(1, b"1"), Notify("page", b"{}"), Reply(2, b"2")]
    for message in messages:
        handle.send(message)
    handle.close()
    network.stop()
    assert heard == [(message, THREAD_NAME) for message in messages]


def test_a_closed_handle_takes_its_transfers_with_it_and_leaves_others_alone() -> None:
    gone = threading.Event()

    def script(connection: socket.socket, _: int) -> None:
        read_request(connection)
        connection.recv(1)
        gone.set()

    network = started()
    with Peer(script) as quiet, serving(lambda _: answer(b"x")) as peer:
        one, other = Client(network), Client(network)
        one.submit(quiet.url)
        one.fetch(peer.url)
        one.handle.close()
        assert gone.wait(WAIT_S)  # the connection of the transfer was closed
        assert other.fetch(peer.url).done.body == b"x"
        assert one.handle.receive() == []
    network.stop()


def test_a_worker_with_one_command_does_not_wait_for_anothers_thousand() -> None:
    network = Network()
    greedy, modest = Client(network), Client(network)
    order: list[str] = []

    def mark(handle: Handle, name: str) -> Callable[[Reply | Notify], None]:
        handle.on_message(lambda _: order.append(name))
        return lambda _: None

    assert isinstance(greedy.handle, Handle)
    assert isinstance(modest.handle, Handle)
    mark(greedy.handle, "greedy")
    mark(modest.handle, "modest")
    for number in range(1000):
        greedy.handle.send(Reply(number, b""))
    modest.handle.send(Reply(1, b""))
    network.start_thread()
    greedy.handle.close()
    modest.handle.close()
    network.stop()
    assert len(order) == 1001
    assert order.index("modest") == COMMANDS_PER_TURN


def test_transfers_from_many_workers_each_get_one_outcome() -> None:
    each = 200
    network = started()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            worker = Client(network)
            numbers = [worker.submit(f"{peer.url}{index}") for index in range(each)]
            for index, number in enumerate(numbers):
                if index % 3 == 0:
                    worker.handle.cancel(number)
            for number in numbers:
                outcome = worker.result(number).outcome
                assert isinstance(outcome, Done) or outcome.code == "net::ERR_ABORTED"
            worker.handle.close()
        except BaseException as error:  # shown by the main thread
            failures.append(error)

    with serving(lambda _: answer(b"x")) as peer:
        workers = [threading.Thread(target=work) for _ in range(8)]
        for thread in workers:
            thread.start()
        for thread in workers:
            thread.join(WAIT_S * 2)
            assert not thread.is_alive()
    network.stop()
    assert failures == []


def test_no_wakeup_is_lost_while_transfers_come_one_at_a_time() -> None:
    """Each waits for the one before: a lost wake-up on either side stands still until the test fails."""
    network = started()
    worker = Client(network)
    outcomes = [worker.fetch("ftp://refused.test/").failure.code for _ in range(3000)]
    network.stop()
    assert outcomes == ["net::ERR_UNKNOWN_URL_SCHEME"] * 3000


def test_a_command_that_fails_is_logged_and_harms_no_other(caplog: pytest.LogCaptureFixture) -> None:
    network = started()
    with hanging() as peer:
        worker = Client(network)
        number = worker.submit(peer.url)
        worker.handle.submit(Submit(number, peer.url))
        worker.handle.send(Reply(1, b"to nobody"))
        second = worker.submit(peer.url)
        worker.handle.cancel(second)
        assert worker.result(second).failure.code == "net::ERR_ABORTED"
        network.stop()
        assert worker.result(number).failure.code == "net::ERR_ABORTED"
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == [
        f"transfer {number} was submitted twice",
        "a worker sent a message and nobody listens",
    ]
    caplog.clear()


def test_it_stops_when_no_thread_can_be_started_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """As at the end of a program, from Python 3.12 on."""
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    with nothing_stays():
        network = Network()
        network.start_thread()
        helped = threading.Event()
        network.call_soon(lambda: asyncio.get_running_loop().run_in_executor(None, helped.set))
        assert helped.wait(WAIT_S)

        def refuse(thread: threading.Thread) -> None:
            raise RuntimeError("can't create new thread at interpreter shutdown")

        with monkeypatch.context() as end:
            end.setattr(threading.Thread, "start", refuse)
            network.stop()
    assert failures == []
