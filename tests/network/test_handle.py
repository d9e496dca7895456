"""What holds for a Handle, whatever carries it; and what holds for the one between threads only."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sanderling.base.errors import ClosedError, InternalError
from sanderling.network.carrier import NetworkSide, WorkerSide
from sanderling.network.files import open_granted
from sanderling.network.handle import Handle
from sanderling.network.messages import (
    AskService,
    BodyPart,
    BodyWanted,
    Call,
    Cancel,
    CancelAsk,
    ClientMessage,
    Command,
    Done,
    Event,
    Failed,
    FileOpened,
    Notify,
    OpenFile,
    Output,
    Reply,
    ResponseHead,
    Resume,
    ServiceAnswered,
    Shutdown,
    Submit,
    Timings,
    TransferId,
)
from tests.network.carriers import CARRIERS, Pair

WAIT_S = 60.0

Maker = Callable[..., Pair]


@pytest.fixture(params=CARRIERS)
def pairs(request: pytest.FixtureRequest) -> Iterator[Maker]:
    """Make pairs of the carrier that is tested."""
    made: list[Pair] = []

    def make(wake_network: Callable[[NetworkSide], None] | None = None) -> Pair:
        made.append(Pair(request.param, wake_network))
        return made[-1]

    yield make
    for pair in made:
        pair.close()


@pytest.fixture
def pair(pairs: Maker) -> Pair:
    return pairs()


def submit_of(worker: WorkerSide) -> Submit:
    return Submit(worker.next_id(), "http://a.test/")


def test_commands_are_taken_in_the_order_they_were_sent(pair: Pair) -> None:
    worker = pair.worker
    first = submit_of(worker)
    worker.submit(first)
    worker.cancel(first.id)
    worker.resume(first.id, 7)
    worker.send_body(BodyPart(first.id, b"x", last=True))
    worker.open_file(OpenFile(1, "/a", "read"))
    worker.send(Reply(1, b"{}"))
    pair.settle()
    assert pair.network.take_commands() == [
        first,
        Cancel(first.id),
        Resume(first.id, 7),
        BodyPart(first.id, b"x", last=True),
        OpenFile(1, "/a", "read"),
        Reply(1, b"{}"),
    ]
    assert pair.network.take_commands() == []


LARGE = bytes(range(256)) * 4096 * 3

COMMANDS: tuple[Command, ...] = (
    Submit(TransferId(1), "http://a.test/", "POST", (("A", "\xe9"), ("B", "")), b"", True),
    Submit(TransferId(2), "http://a.test/", body=LARGE),
    BodyPart(TransferId(2), LARGE),
    Output("session", LARGE),
    Notify("page", LARGE),
    Reply(1, LARGE, b"error"),
    Reply(2, b"small"),
    AskService(1, "flights", LARGE),
    AskService(0, "flights", b"{}"),
    CancelAsk(1),
)

EVENTS: tuple[Event, ...] = (
    ResponseHead(TransferId(1), 200, "OK", (("Set-Cookie", "a=\xff"),), "HTTP/2", "[::1]:1", 7, reused=True),
    Done(TransferId(1), LARGE, 5, Timings(total=1.5)),
    Failed(TransferId(2), "net::ERR_FAILED", "\u00e4", Timings()),
    Call(1, "page.goto", LARGE),
    ClientMessage("", b'{"id":1}'),
    ServiceAnswered(1, LARGE),
    ServiceAnswered(2, b"", "\u00e4"),
)


def test_everything_that_crosses_arrives_as_it_was(pair: Pair) -> None:
    for command in COMMANDS:
        if isinstance(command, Submit):
            pair.worker.submit(command)
        elif isinstance(command, BodyPart):
            pair.worker.send_body(command)
        elif isinstance(command, Reply | Notify | Output | AskService | CancelAsk):
            pair.worker.send(command)
    taken: list[Command] = []
    for _ in range(100):
        pair.settle()
        taken += pair.network.take_commands()
        if len(taken) == len(COMMANDS):
            break
    assert tuple(taken) == COMMANDS
    pair.worker.set_wakeup(lambda: None)
    pair.network.push_all(EVENTS)
    got: list[Event] = []
    for _ in range(100):
        pair.settle()
        got += pair.worker.receive()
        if len(got) == len(EVENTS):
            break
    assert tuple(got) == EVENTS


@pytest.mark.parametrize(("granted", "answer"), [(True, b"content"), (False, b"")])
def test_a_file_that_was_granted_comes_as_a_descriptor(
    pair: Pair, tmp_path: Path, granted: bool, answer: bytes
) -> None:
    path = tmp_path / "upload"
    path.write_bytes(b"content")
    if granted:
        pair.network.grants.allow_reading(str(path))
    pair.worker.set_wakeup(lambda: None)
    request = OpenFile(4, str(path), "read")
    pair.network.push_all([BodyWanted(TransferId(1)), open_granted(pair.network.grants, request), Shutdown()])
    pair.settle()
    before, opened, after = pair.worker.receive()
    assert (before, after) == (BodyWanted(TransferId(1)), Shutdown())
    assert isinstance(opened, FileOpened)
    assert opened.id == 4
    assert bool(opened.error) is not granted
    if granted:
        assert os.get_inheritable(opened.descriptor) is False
        with open(opened.descriptor, "rb") as file:
            assert file.read() == answer


def test_a_descriptor_that_nobody_takes_is_closed(pair: Pair, tmp_path: Path) -> None:
    pair.worker.set_wakeup(lambda: None)
    pair.worker.close()
    pair.settle()
    descriptor = os.open(tmp_path / "file", os.O_CREAT | os.O_WRONLY)
    pair.network.push(FileOpened(1, descriptor))
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_ids_are_never_given_twice(pair: Pair) -> None:
    assert len({pair.worker.next_id() for _ in range(100)}) == 100


def test_network_is_woken_once_for_a_batch_and_again_for_the_next(pair: Pair) -> None:
    pair.worker.submit(submit_of(pair.worker))
    pair.worker.submit(submit_of(pair.worker))
    pair.settle()
    assert pair.woken == [pair.network]
    pair.network.take_commands()
    pair.worker.submit(submit_of(pair.worker))
    pair.settle()
    assert pair.woken == [pair.network, pair.network]


def test_the_worker_is_woken_once_for_a_batch_and_again_for_the_next(pair: Pair) -> None:
    woken: list[int] = []
    pair.worker.set_wakeup(lambda: woken.append(1))
    pair.network.push(BodyWanted(TransferId(1)))
    pair.network.push(BodyWanted(TransferId(2)))
    pair.settle()
    assert woken == [1]
    assert pair.worker.receive() == [BodyWanted(TransferId(1)), BodyWanted(TransferId(2))]
    pair.network.push_all([Shutdown()])
    pair.settle()
    assert woken == [1, 1]
    assert pair.worker.receive() == [Shutdown()]
    assert pair.worker.receive() == []


def test_what_came_before_the_wakeup_was_set_wakes(pair: Pair) -> None:
    woken: list[int] = []
    pair.network.push(Shutdown())
    pair.settle()
    pair.worker.set_wakeup(lambda: woken.append(1))
    pair.settle()
    assert woken == [1]
    pair.network.push(Shutdown())
    pair.settle()
    assert woken == [1]


def test_an_empty_inbox_does_not_wake_when_the_wakeup_is_set(pair: Pair) -> None:
    woken: list[int] = []
    pair.worker.set_wakeup(lambda: woken.append(1))
    pair.settle()
    assert woken == []


def test_wakeups_may_come_back_into_the_handle(pairs: Maker) -> None:
    """Nothing is called with a lock held: a callback may use the handle on the spot."""
    taken: list[Event] = []
    commands: list[Command] = []
    pair = pairs(lambda door: commands.extend(door.take_commands()))
    pair.worker.set_wakeup(lambda: taken.extend(pair.worker.receive()))
    pair.network.push(Shutdown())
    first = submit_of(pair.worker)
    pair.worker.submit(first)
    pair.settle()
    assert taken == [Shutdown()]
    assert commands == [first]


def test_messages_are_handed_to_the_listener(pair: Pair) -> None:
    heard: list[Reply | Notify | Output] = []
    with pytest.raises(InternalError):
        pair.network.deliver(Reply(1, b"1"))
    pair.network.on_message(heard.append)
    pair.network.deliver(Notify("page", b"{}"))
    assert heard == [Notify("page", b"{}")]


def test_close_wakes_network_and_refuses_commands(pair: Pair) -> None:
    ends: list[int] = []
    pair.network.on_closed(lambda: ends.append(1))
    pair.worker.set_wakeup(lambda: None)
    pair.worker.send(Reply(1, b"last words"))
    pair.settle()
    assert pair.network.take_commands() == [Reply(1, b"last words")]
    pair.worker.send(Reply(2, b"after them"))
    pair.worker.close()
    pair.worker.close()
    pair.settle()
    assert pair.network.take_commands() == [Reply(2, b"after them")]
    assert pair.network.closed
    assert pair.woken == [pair.network, pair.network]
    with pytest.raises(ClosedError):
        pair.worker.submit(submit_of(pair.worker))
    pair.worker.send(Reply(3, b"nobody waits"))
    pair.settle()
    assert pair.network.take_commands() == []
    assert ends == []
    pair.network.ended()
    assert ends == [1]


def test_a_closed_handle_drops_events(pair: Pair) -> None:
    woken: list[int] = []
    pair.worker.set_wakeup(lambda: woken.append(1))
    pair.worker.close()
    pair.settle()
    pair.network.push(Shutdown())
    pair.settle()
    assert pair.worker.receive() == []
    assert woken == []


def test_after_network_stopped_every_transfer_fails_once(pair: Pair) -> None:
    pair.worker.set_wakeup(lambda: None)
    early = submit_of(pair.worker)
    pair.worker.submit(early)
    pair.worker.open_file(OpenFile(1, "/a", "read"))
    for command in pair.network.detach():
        if isinstance(command, Submit):  # owed by who detached
            pair.network.push(Failed(command.id, "net::ERR_ABORTED", "", Timings()))
    pair.settle()
    late = submit_of(pair.worker)
    pair.worker.submit(late)
    pair.worker.cancel(late.id)
    pair.worker.send(Reply(1, b"1"))
    failures = [event for event in pair.worker.receive() if isinstance(event, Failed)]
    assert [(event.id, event.code) for event in failures] == [
        (early.id, "net::ERR_ABORTED"),
        (late.id, "net::ERR_ABORTED"),
    ]


def test_the_workers_side_refuses_other_threads(pair: Pair) -> None:
    worker = pair.worker
    worker.set_wakeup(lambda: None)
    errors: list[Exception] = []

    def foreign() -> None:
        for use in (
            lambda: worker.submit(Submit(TransferId(1), "http://a.test/")),
            lambda: worker.send(Reply(1, b"1")),
            worker.receive,
            lambda: worker.set_wakeup(lambda: None),
        ):
            try:
                use()
            except InternalError as error:
                errors.append(error)
        pair.network.push(Shutdown())

    thread = threading.Thread(target=foreign)
    thread.start()
    thread.join(WAIT_S)
    assert len(errors) == 4
    pair.settle()
    assert worker.receive() == [Shutdown()]


def test_a_wakeup_that_fails_because_the_worker_has_just_closed_is_forgiven() -> None:
    handle = Handle(lambda _: None)

    def late() -> None:
        handle.close()
        raise RuntimeError("Event loop is closed")

    handle.set_wakeup(late)
    handle.push(Shutdown())

    other = Handle(lambda _: None)

    def broken() -> None:
        raise RuntimeError("broken")

    other.set_wakeup(broken)
    with pytest.raises(RuntimeError, match="broken"):
        other.push(Shutdown())


@pytest.mark.parametrize("threads", [1, 16])
def test_no_wakeup_is_ever_lost(threads: int) -> None:
    """The receiver sleeps without a timeout of its own: one lost wake-up and it never ends."""
    each = 20_000 // threads
    wake = threading.Event()
    handle = Handle(lambda _: None)
    counts = [0] * threads
    out_of_order: list[Event] = []

    def receiver() -> None:
        handle.set_wakeup(wake.set)
        total = 0
        while total < each * threads:
            if not wake.wait(WAIT_S):
                return
            wake.clear()
            for event in handle.receive():
                assert isinstance(event, BodyWanted)
                sender, number = divmod(event.id, each)
                if number != counts[sender]:
                    out_of_order.append(event)
                counts[sender] += 1
                total += 1

    def sender(index: int) -> None:
        for number in range(each):
            handle.push(BodyWanted(TransferId(index * each + number)))

    pool = [threading.Thread(target=receiver), *(threading.Thread(target=sender, args=(i,)) for i in range(threads))]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join(WAIT_S)
    assert counts == [each] * threads
    assert out_of_order == []
