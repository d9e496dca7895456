"""Transfers to names whose DNS server never answers, in namespaces of their own: what `test_faults.py` runs.

Its first argument is a `resolv.conf` that names 127.0.0.1 alone. The last line of its output is `done`.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys

from sanderling.network import errors
from sanderling.network.network import Network
from tests.network.peers import Client, answer, serving

NAMES = 20
LOOKUP_MS = 300
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
"""netdevice(7): SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP."""


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        known = fcntl.ioctl(any_socket, _GET_FLAGS, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", known)[1] | _UP
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags))


def main(resolver: str) -> None:
    """Run it."""
    _raise_loopback()
    subprocess.run(["mount", "--bind", resolver, "/etc/resolv.conf"], check=True)
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind(("127.0.0.1", 53))
    network = Network()
    network.start_thread()
    waiting, other = Client(network), Client(network)
    with serving(lambda _: answer(b"x")) as peer:
        numbers = [
            waiting.submit(f"http://never{index}.test/", connect_timeout_ms=LOOKUP_MS if index % 2 else 0)
            for index in range(NAMES)
        ]
        # Nobody else waits for a name.
        for _ in range(100):
            assert other.fetch(peer.url).done.body == b"x"
        assert silent.recv(65536), "it was asked"
        for index, number in enumerate(numbers):
            if index % 2:
                assert waiting.result(number).failure.code == errors.CONNECTION_TIMED_OUT
            else:
                waiting.handle.cancel(number)
                assert waiting.result(number).failure.code == errors.ABORTED
        last = waiting.submit("http://last.test/")
        assert other.fetch(peer.url).done.body == b"x"
        network.stop()
        assert waiting.result(last).failure.code == errors.ABORTED
    print("done")


if __name__ == "__main__":
    main(sys.argv[1])
