"""HAR documents out of journals (`http/har.py`): several become one, and bodies are read only when they are written.

Thread: any; it blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec

from sanderling.base.pattern import late_pattern
from sanderling.base.version import VERSION
from sanderling.proto import har

_PIECE = late_pattern(rb'\{"type":"Piece","id":(\d+),')

_LINE = msgspec.json.Decoder(har.JournalLine)


class _Building(msgspec.Struct):
    """An entry and where its body is."""

    entry: har.Entry
    journal: BinaryIO
    got: har.Got | None = None
    pieces: list[tuple[int, int]] = msgspec.field(default_factory=list)  # offset and length of lines of the journal

    def finished(self) -> har.Entry:
        """Put it together."""
        entry, got = self.entry, self.got
        if got is None:
            text = "the recording ended before the response came"
            entry.response = har.HarResponse(error="net::ERR_ABORTED", error_text=text)
            return entry
        response = got.response
        if response.status:
            headers = [(one.name, one.value) for one in response.headers]
            content = har.content_of(self._body(), headers, truncated=response.content.truncated)
            response = msgspec.structs.replace(response, content=content)
        entry.response = response
        entry.request = msgspec.structs.replace(entry.request, http_version=response.http_version)
        entry.time = got.time
        entry.timings = got.timings
        if got.remote_address:
            host, _, port = got.remote_address.rpartition(":")
            entry.server_ip_address = host.strip("[]")
            entry.server_port = int(port) if port.isdecimal() else 0
        if got.connection:
            entry.connection = got.connection
        if got.security_details is not None:
            entry.security_details = got.security_details
        return entry

    def _body(self) -> bytes:
        pieces = []
        for offset, length in self.pieces:
            self.journal.seek(offset)
            try:
                line = _LINE.decode(self.journal.read(length))
            except msgspec.DecodeError:
                continue  # no worker of ours writes such a line
            if isinstance(line, har.Piece):
                pieces.append(line.data)
        return b"".join(pieces)


class _Reading:
    """What the journals say."""

    def __init__(self) -> None:
        self.pages: dict[str, har.HarPage] = {}
        self.entries: list[_Building] = []

    def read(self, journal: BinaryIO, prefix: str) -> None:
        """Take a journal.

        Args:
            journal: at its beginning.
            prefix: of the ids of its pages, which are those of one worker.
        """
        entries: dict[int, _Building] = {}
        offset = 0
        for line in journal:
            start, offset = offset, offset + len(line)
            piece = _PIECE.match(line)
            if piece is not None:
                whose = entries.get(int(piece[1][:18]))
                if whose is not None and line.endswith(b"\n"):
                    whose.pieces.append((start, len(line)))
                continue
            try:
                found = _LINE.decode(line)
            except msgspec.DecodeError:
                continue  # the last one, of a process that was killed while it wrote
            self._take(found, journal, prefix, entries)

    def _take(self, line: har.JournalLine, journal: BinaryIO, prefix: str, entries: dict[int, _Building]) -> None:
        """Take a line that is not a piece of a body. It comes from a worker: what is about nothing known says nothing."""
        if isinstance(line, har.PageBegan):
            line.page.id = prefix + line.page.id
            self.pages[line.page.id] = line.page
        elif isinstance(line, har.PageReached):
            page = self.pages.get(prefix + line.id)
            if page is not None:
                page.page_timings = line.timings
        elif isinstance(line, har.Began):
            if isinstance(line.entry.pageref, str):
                line.entry.pageref = prefix + line.entry.pageref
            known = entries.get(line.id)
            if known is None:
                known = entries[line.id] = _Building(line.entry, journal)
                self.entries.append(known)
            else:
                known.entry.request = line.entry.request
        elif isinstance(line, har.Got):
            if line.id in entries:
                entries[line.id].got = line
        elif isinstance(line, har.Framed) and line.id in entries:
            frames = entries[line.id].entry.frames
            if isinstance(frames, list):
                frames.append(line.frame)


def document(journals: Iterable[Path]) -> Iterator[bytes]:
    """Give the document that journals make, in pieces. Entries are in the order in which they began.

    Raises:
        OSError: a journal cannot be read.
    """
    encode = msgspec.json.Encoder().encode
    reading = _Reading()
    ours = encode({"name": "Sanderling", "version": VERSION})
    with ExitStack() as stack:
        for number, path in enumerate(journals):
            # Workers count their pages by themselves.
            reading.read(stack.enter_context(path.open("rb")), "" if number == 0 else f"{number}-")
        yield b'{"log":{"version":"1.2","creator":' + ours + b',"browser":' + ours
        yield b',"pages":' + encode(sorted(reading.pages.values(), key=lambda page: page.started_date_time))
        yield b',"entries":['
        separator = b"\n"
        for entry in sorted(reading.entries, key=lambda building: building.entry.started_date_time):
            yield separator + encode(entry.finished())
            separator = b",\n"
        yield b"\n]}}\n"
