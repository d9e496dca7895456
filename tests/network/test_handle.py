from __future__ import annotations

import threading

import pytest

from sanderling.base.errors import ClosedError, InternalError
from sanderling.network.handle import Handle
from sanderling.network.messages import (
    BodyPart,
    BodyWanted,
    Cancel,
    Command,
    Event,
    Failed,
    Notify,
    Output,
    Reply,
    Resume,
    Shutdown,
    Submit,
    TransferId,
)

WAIT_S = 30.0


def submit_of(handle: Handle) -> Submit:
    return Submit(handle.next_id(), "http://a.test/")


def test_commands_are_taken_in_the_order_they_were_sent() -> None:
    handle = Handle(lambda _: None)
    first = submit_of(handle)
    handle.submit(first)
    handle.cancel(first.id)
    handle.resume(first.id, 7)
    handle.send_body(BodyPart(first.id, b"x", last=True))
    handle.send(Reply(1, b"{}"))
    assert handle.take_commands() == [
        first,
        Cancel(first.id),
        Resume(first.id, 7),
        BodyPart(first.id, b"x", last=True),
        Reply(1, b"{}"),
    ]
    assert handle.take_commands() == []


def test_ids_are_never_given_twice() -> None:
    handle = Handle(lambda _: None)
    assert len({handle.next_id() for _ in range(100)}) == 100


def test_network_is_woken_once_for_a_batch_and_again_for_the_next() -> None:
    woken: list[Handle] = []
    handle = Handle(woken.append)
    handle.submit(submit_of(handle))
    handle.submit(submit_of(handle))
    assert woken == [handle]
    handle.take_commands()
    handle.submit(submit_of(handle))
    assert woken == [handle, handle]


def test_the_worker_is_woken_once_for_a_batch_and_again_for_the_next() -> None:
    woken: list[int] = []
    handle = Handle(lambda _: None)
    handle.set_wakeup(lambda: woken.append(1))
    handle.push(BodyWanted(TransferId(1)))
    handle.push(BodyWanted(TransferId(2)))
    assert woken == [1]
    assert handle.receive() == [BodyWanted(TransferId(1)), BodyWanted(TransferId(2))]
    handle.push_all([Shutdown()])
    assert woken == [1, 1]
    assert handle.receive() == [Shutdown()]
    assert handle.receive() == []


def test_what_came_before_the_wakeup_was_set_wakes_at_once() -> None:
    woken: list[int] = []
    handle = Handle(lambda _: None)
    handle.push(Shutdown())
    handle.set_wakeup(lambda: woken.append(1))
    assert woken == [1]
    handle.push(Shutdown())
    assert woken == [1]


def test_an_empty_inbox_does_not_wake_when_the_wakeup_is_set() -> None:
    woken: list[int] = []
    Handle(lambda _: None).set_wakeup(lambda: woken.append(1))
    assert woken == []


def test_wakeups_may_come_back_into_the_handle() -> None:
    """Nothing is called with a lock held: a callback may use the handle on the spot."""
    taken: list[Event] = []
    commands: list[Command] = []
    handle = Handle(lambda door: commands.extend(door.take_commands()))
    handle.set_wakeup(lambda: taken.extend(handle.receive()))
    handle.push(Shutdown())
    first = submit_of(handle)
    handle.submit(first)
    assert taken == [Shutdown()]
    assert commands == [first]


def test_messages_are_handed_to_the_listener() -> None:
    heard: list[Reply | Notify | Output] = []
    handle = Handle(lambda _: None)
    with pytest.raises(InternalError):
        handle.deliver(Reply(1, b"1"))
    handle.on_message(heard.append)
    handle.deliver(Notify("page", b"{}"))
    assert heard == [Notify("page", b"{}")]


def test_close_wakes_network_and_refuses_commands() -> None:
    woken: list[Handle] = []
    handle = Handle(woken.append)
    handle.send(Reply(1, b"last words"))
    handle.take_commands()
    handle.close()
    handle.close()
    assert handle.closed
    assert woken == [handle, handle]
    with pytest.raises(ClosedError):
        handle.submit(submit_of(handle))
    handle.send(Reply(2, b"nobody waits"))
    assert handle.take_commands() == []


def test_a_closed_handle_drops_events() -> None:
    woken: list[int] = []
    handle = Handle(lambda _: None)
    handle.set_wakeup(lambda: woken.append(1))
    handle.close()
    handle.push(Shutdown())
    assert handle.receive() == []
    assert woken == []


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


def test_after_network_stopped_a_transfer_fails_at_once() -> None:
    handle = Handle(lambda _: None)
    early = submit_of(handle)
    handle.submit(early)
    assert handle.detach() == [early]
    late = submit_of(handle)
    handle.submit(late)
    handle.cancel(late.id)
    handle.send(Reply(1, b"1"))
    [event] = handle.receive()
    assert isinstance(event, Failed)
    assert (event.id, event.code) == (late.id, "net::ERR_ABORTED")


def test_the_workers_side_refuses_other_threads() -> None:
    handle = Handle(lambda _: None)
    handle.set_wakeup(lambda: None)
    errors: list[Exception] = []

    def foreign() -> None:
        for use in (
            lambda: handle.submit(Submit(TransferId(1), "http://a.test/")),
            lambda: handle.send(Reply(1, b"1")),
            handle.receive,
            lambda: handle.set_wakeup(lambda: None),
        ):
            try:
                use()
            except InternalError as error:
                errors.append(error)
        handle.push(Shutdown())

    thread = threading.Thread(target=foreign)
    thread.start()
    thread.join(WAIT_S)
    assert len(errors) == 4
    assert handle.receive() == [Shutdown()]


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
