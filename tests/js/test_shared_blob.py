"""One copy of the snapshot for all isolates."""

from __future__ import annotations

import ctypes
import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from sanderling.js.shared_blob import SharedBlob, share

SIZE = 3 * 1024 * 1024 + 123


def _has_glibc() -> bool:
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "gnu_get_libc_version")


pytestmark = pytest.mark.skipif(not _has_glibc(), reason="other C libraries keep the engine's copies")


def _content() -> bytes:
    return bytes(range(256)) * (SIZE // 256) + b"x" * (SIZE % 256)


def _malloc(content: bytes) -> int:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    address: int = libc.malloc(len(content))
    ctypes.memmove(address, content, len(content))
    return address


def _free(address: int) -> None:
    ctypes.CDLL(None).free(ctypes.c_void_p(address))


def _mapped_from_file(address: int) -> bool:
    for line in Path("/proc/self/maps").read_text().splitlines():
        begin, end = (int(part, 16) for part in line.split()[0].split("-"))
        if begin <= address < end:
            return "sanderling-snapshot" in line
    return False


def test_a_copy_is_replaced_and_stays_as_it_was() -> None:
    blob = _content()
    shared = SharedBlob(blob)
    address = shared.around(lambda: _malloc(blob))
    assert shared.shared == 1
    assert _mapped_from_file(address + SIZE // 2)
    assert ctypes.string_at(address, SIZE) == blob
    other = shared.around(lambda: _malloc(blob))
    ctypes.memset(address + SIZE // 2, 0, 100)  # private: the other one does not see it
    assert ctypes.string_at(other, SIZE) == blob
    _free(address)
    assert not _mapped_from_file(address + SIZE // 2)
    _free(other)


@pytest.mark.parametrize("rest", range(mmap.PAGESIZE - 48, mmap.PAGESIZE + 1))
def test_a_copy_that_ends_near_the_end_of_a_page_is_replaced_too(rest: int) -> None:
    blob = (_content() * 2)[: SIZE // mmap.PAGESIZE * mmap.PAGESIZE + rest]  # large enough for a mapping of its own
    shared = SharedBlob(blob)
    address = shared.around(lambda: _malloc(blob))
    assert shared.shared == 1
    assert ctypes.string_at(address, len(blob)) == blob
    _free(address)


@pytest.mark.parametrize("at", [0, SIZE // 2, SIZE - 1])
def test_what_differs_in_one_byte_is_left_alone(at: int) -> None:
    blob = _content()
    shared = SharedBlob(blob)
    different = bytearray(blob)
    different[at] ^= 1
    address = shared.around(lambda: _malloc(bytes(different)))
    assert shared.shared == 0
    assert ctypes.string_at(address, SIZE) == different
    _free(address)


@pytest.mark.parametrize("at", [0, 5000, 1024 * 1024 + 7, SIZE - 1])
def test_what_differs_in_a_sample_is_left_alone_later_too(at: int) -> None:
    blob = _content()
    shared = SharedBlob(blob)
    first = shared.around(lambda: _malloc(blob))
    different = bytearray(blob)
    different[at : at + 512 * 1024] = bytes(min(512 * 1024, SIZE - at))
    other = shared.around(lambda: _malloc(bytes(different)))
    assert shared.shared == 1
    assert ctypes.string_at(other, SIZE) == different
    _free(other)
    _free(first)


def test_nothing_there_and_a_shorter_block_are_left_alone() -> None:
    blob = _content()
    shared = SharedBlob(blob)
    assert shared.around(lambda: 7) == 7
    address = shared.around(lambda: _malloc(blob[: SIZE // 2]))
    assert shared.shared == 0
    _free(address)


def test_what_making_raises_comes_out_and_the_next_is_shared() -> None:
    blob = _content()
    shared = SharedBlob(blob)

    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        shared.around(fail)
    address = shared.around(lambda: _malloc(blob))
    assert shared.shared == 1
    _free(address)


PROGRAM = """
import asyncio, json, time
from pathlib import Path
from sanderling.browser.host_functions import FUNCTIONS
from sanderling.js.engine import Engine
from sanderling.js.shared_blob import share
from sanderling.js.snapshot import load_snapshot

CHURN = "let n = 0; for (let i = 0; i < 300000; i++) n += [{ i }].length; new Function('return ' + n)()"


def threads():
    return len(list(Path("/proc/self/task").iterdir()))


async def main():
    blob = load_snapshot()
    engine = Engine(blob, pure=FUNCTIONS)
    before = share(blob).shared
    isolates = [engine.take_now() for _ in range(4)]
    assert share(blob).shared == before + 4, share(blob).shared
    count = threads()
    isolates.pop(1).close()
    deadline = time.monotonic() + 60
    while threads() == count:  # what ends gives memory back, and the next copy may come there instead
        assert time.monotonic() < deadline
        await asyncio.sleep(0)
    isolates.append(engine.take_now())
    assert share(blob).shared == before + 5, share(blob).shared
    for isolate in isolates:
        entry = await isolate.enter("script.bare", json.dumps({"source": CHURN, "url": "test:"}), deadline_s=60)
        assert json.loads(entry.result) == 300000
    for isolate in isolates:
        isolate.close()
    engine.close()


asyncio.run(main())
"""


def test_isolates_share_and_live_on() -> None:
    """In a process of its own: while one of another test ends, a copy may come elsewhere and stays."""
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)


def test_one_blob_has_one_file(blob: bytes) -> None:
    assert share(blob) is share(bytes(bytearray(blob)))
