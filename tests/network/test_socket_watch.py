from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterator

import pytest

from sanderling.network.socket_watch import READ, WRITE, SelectorWatch, SocketWatch, new_socket_watch


@pytest.fixture(name="watch", params=[new_socket_watch, SelectorWatch])
def _watch(request: pytest.FixtureRequest) -> Iterator[SocketWatch]:
    make: Callable[[], SocketWatch] = request.param
    watch = make()
    yield watch
    watch.close()


@pytest.fixture(name="pair")
def _pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def ready(watch: SocketWatch) -> bool:
    """Say whether the watch as a whole is readable, as the loop would find."""
    return bool(select.select([watch.fileno()], [], [], 0)[0])


def test_what_is_ready_shows_and_makes_the_whole_readable(
    watch: SocketWatch, pair: tuple[socket.socket, socket.socket]
) -> None:
    one, other = pair
    watch.watch(one.fileno(), READ)
    assert not ready(watch)
    assert list(watch.poll()) == []
    other.send(b"x")
    assert ready(watch)
    assert list(watch.poll()) == [(one.fileno(), READ)]
    watch.watch(one.fileno(), READ | WRITE)
    assert list(watch.poll()) == [(one.fileno(), READ | WRITE)]
    watch.watch(one.fileno(), WRITE)
    assert list(watch.poll()) == [(one.fileno(), WRITE)]
    watch.forget(one.fileno())
    watch.forget(one.fileno())
    assert not ready(watch)


def test_a_hang_up_shows_as_readable(watch: SocketWatch, pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = pair
    watch.watch(one.fileno(), READ)
    other.close()
    assert [(fd, mask & READ) for fd, mask in watch.poll()] == [(one.fileno(), READ)]


def test_a_number_that_was_closed_and_given_out_again(watch: SocketWatch) -> None:
    one, other = socket.socketpair()
    number = one.fileno()
    watch.watch(number, READ)
    one.close()
    other.close()
    again, peer = socket.socketpair()
    with again, peer:
        assert number in (again.fileno(), peer.fileno())
        watch.watch(number, READ)
        (again if peer.fileno() == number else peer).send(b"x")
        assert list(watch.poll()) == [(number, READ)]


def test_forgetting_what_was_closed_is_silent(watch: SocketWatch) -> None:
    one, other = socket.socketpair()
    number = one.fileno()
    watch.watch(number, READ)
    one.close()
    other.close()
    watch.forget(number)
    assert list(watch.poll()) == []
