"""One copy of the startup snapshot for all isolates of a process, where the engine makes one each.

Strategy. The engine copies the blob into memory of the C library's and keeps it as long as the isolate lives, though it hardly reads it after
the start. That is most of what an idle page costs beside its heap. So, once an isolate is made, the whole pages of its copy are replaced by
pages of one sealed memory file with the same bytes: a private mapping over the same addresses, in one system call. Whoever reads sees what was
there before, and `free` unmaps it as it would have.

Guarantees. Nothing is replaced unless it is certain what it is: the copy must begin where memory of its size was free before the engine was
called, stand alone in pages of its own (the C library's mark for that), and equal the blob: the first copy of a process byte for byte, later ones,
which stand for the same call of the same engine, at its beginning and in samples. The beginning is read through the
kernel, so that a wrong guess cannot crash. Where one of these does not hold (another C library, another system) the engine's copy
stays, which costs memory only.

Thread: any.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_HEADER_BYTES = 16
"""What glibc keeps in front of a block: the size before, and the size of this one with three marks."""

_OWN_PAGES = 2
"""The mark of a block that has pages of its own (malloc's IS_MMAPPED): only its pages may be replaced, others may be joined with neighbours."""

_MARKS = 7

_M_MMAP_THRESHOLD = -3
"""From this size on a block gets pages of its own; setting it also keeps it from growing by itself (mallopt(3))."""

_SAMPLE_BYTES = 4096

_SAMPLE_STEP = 512 * 1024
"""From one sample to the next: to compare all of each copy takes as long as the engine needs to make it (measured: 0.5 ms of an isolate's 12)."""

MAX_HOLES = 16
"""Free places of the blob's size, between other blocks, that are kept from the engine while it makes a copy."""


class SharedBlob:
    """The blob in a memory file, to be laid over the engine's copies of it.

    Args:
        blob: the startup snapshot.
    """

    def __init__(self, blob: bytes) -> None:
        self.blob = blob
        self._lock = (
            threading.Lock()
        )  # held while an isolate is made: nobody else's copy may come to where one is expected
        self._file = -1
        self.shared = 0
        """How many copies were replaced."""
        if sys.platform != "linux" or len(blob) < 64 * 1024:
            return
        libc = ctypes.CDLL(None, use_errno=True)
        if not hasattr(libc, "gnu_get_libc_version"):
            return
        libc.malloc.restype = libc.mmap.restype = ctypes.c_void_p
        libc.malloc.argtypes = [ctypes.c_size_t]
        libc.free.argtypes = [ctypes.c_void_p]
        libc.memcmp.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
        libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
        libc.write.restype = ctypes.c_ssize_t
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
        self._libc = libc
        self._bytes: int = ctypes.cast(ctypes.c_char_p(blob), ctypes.c_void_p).value or 0
        """Where `blob` itself stands."""
        with contextlib.suppress(OSError):
            self._file = _memory_file(blob)
        if self._file >= 0:
            libc.mallopt(_M_MMAP_THRESHOLD, len(blob))

    def around(self, make: Callable[[], T]) -> T:
        """Call `make`, which has the engine copy the blob, and replace that copy."""
        if self._file < 0:
            return make()
        with self._lock:
            expected, held = self._place()
            try:
                made = make()
            finally:
                for block in held:
                    self._libc.free(block)
            if expected and self._is_copy(expected):
                self._replace(expected)
            return made

    def _place(self) -> tuple[int, list[int]]:
        """Find where the next block of the blob's size will get pages of its own, and hold what would be given out before."""
        held: list[int] = []
        for _ in range(MAX_HOLES):
            block: int | None = self._libc.malloc(len(self.blob))
            if block is None:
                break
            mark = int.from_bytes(ctypes.string_at(block - 8, 8), sys.byteorder)
            if mark & _OWN_PAGES:
                self._libc.free(block)
                return block, held
            held.append(block)
        return 0, held

    def _is_copy(self, address: int) -> bool:
        page = mmap.PAGESIZE
        if address % page != _HEADER_BYTES:
            return False
        size = len(self.blob)
        # As glibc reckons: its part of the header, up to its alignment, and once more its part, in pages.
        chunk = -(-(size + _HEADER_BYTES // 2) // _HEADER_BYTES) * _HEADER_BYTES + _HEADER_BYTES // 2
        whole = -(-chunk // page) * page
        begin = self._read(address - _HEADER_BYTES, page)
        mark = int.from_bytes(begin[8:_HEADER_BYTES], sys.byteorder)
        if mark & _MARKS != _OWN_PAGES or mark & ~_MARKS != whole:
            return False
        if not begin or begin[_HEADER_BYTES:] != self.blob[: page - _HEADER_BYTES]:
            return False
        # Nobody but the engine copies the blob, and the engine keeps what it copied for the isolate that was made: from here on it may be read.
        if self.shared == 0:
            return self._equal(address, 0, size)
        samples = (*range(0, size - _SAMPLE_BYTES, _SAMPLE_STEP), size - _SAMPLE_BYTES)
        return all(self._equal(address, offset, _SAMPLE_BYTES) for offset in samples)

    def _equal(self, address: int, offset: int, size: int) -> bool:
        difference: int = self._libc.memcmp(address + offset, self._bytes + offset, size)
        return difference == 0

    def _read(self, address: int, size: int) -> bytes:
        """Read memory that may not be mapped: empty then."""
        out, into = os.pipe()
        try:
            count = self._libc.write(into, address, size)
            return os.read(out, count) if count == size else b""
        finally:
            os.close(out)
            os.close(into)

    def _replace(self, address: int) -> None:
        first = address - _HEADER_BYTES + mmap.PAGESIZE
        last = (address + len(self.blob)) // mmap.PAGESIZE * mmap.PAGESIZE
        map_fixed = 0x10
        done = self._libc.mmap(
            first,
            last - first,
            mmap.PROT_READ | mmap.PROT_WRITE,
            mmap.MAP_PRIVATE | map_fixed,
            self._file,
            mmap.PAGESIZE,
        )
        if done == first:
            self.shared += 1


_made: list[SharedBlob] = []  # those of this process, which is one outside tests
_made_lock = threading.Lock()  # protects _made


def share(blob: bytes) -> SharedBlob:
    """Give the memory file of `blob`. Made before a fork, it is the children's too."""
    with _made_lock:
        for made in _made:
            if made.blob is blob or made.blob == blob:
                return made
        _made.append(SharedBlob(blob))
        return _made[-1]


def _memory_file(blob: bytes) -> int:
    """Make a file in memory that nobody can change, with the blob where it stands in a block of its own.

    Raises:
        OSError: the system has none to give.
    """
    import fcntl

    file = os.memfd_create("sanderling-snapshot", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        view = memoryview(bytes(_HEADER_BYTES) + blob)
        while view:
            view = view[os.write(file, view) :]
        seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, seals)
    except BaseException:
        os.close(file)
        raise
    return file
