"""A handle of libcurl's with its callbacks, which one job has after another.

To set all options of a handle for each request costs more than to send it. So a handle stays as it is when its job ends, and serves the
next request that wants the same of it (`Dress`): only what names the request is set again. Requests that want more get a handle that was
reset, and leave one to be reset: nothing of theirs may reach the next.

Thread: main.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pycurl

from sanderling.network.curl_options import Dress, Target, configure, configure_again

if TYPE_CHECKING:
    from sanderling.network.curl_job import Job
    from sanderling.network.messages import Submit

_LINE_ENDS = (b"\r", b"\n", b"")
"""What the line begins with that ends a response head."""

_SPACE = 0x20
"""Nothing up to it begins a header field."""


class Easy:
    """A handle; `curl` is libcurl's own."""

    __slots__ = ("bytes_left", "curl", "dress", "job", "lines")

    def __init__(self) -> None:
        self.curl: Any = pycurl.Curl()
        self.dress: Dress | None = None  # None when it is reset, or is to be
        self.job: Job | None = None  # whose it is
        self.lines: list[bytes] = []  # of a response head that has not ended
        self.bytes_left = 0  # that may still come of heads

    def prepare(self, target: Target, submit: Submit, dress: Dress | None) -> None:
        """Set what the request wants, and the callbacks.

        Args:
            target: where it goes.
            submit: the request.
            dress: what it wants of the handle, which has it already or is reset.

        Raises:
            RefusedError: libcurl does not take it.
        """
        curl = self.curl
        if dress is not None and self.dress is not None:
            configure_again(curl, target)
            return
        configure(curl, target, submit)
        curl.setopt(pycurl.PREREQFUNCTION, self._on_ready_to_send)
        curl.setopt(pycurl.HEADERFUNCTION, self._on_header)
        curl.setopt(pycurl.WRITEFUNCTION, self._on_body)
        self.dress = dress

    def belong_to(self, job: Job, header_bytes: int) -> None:
        """Call `job` from now on; its response heads together have so many bytes at most."""
        self.job = job
        self.lines = []
        self.bytes_left = header_bytes

    def let_go(self) -> None:
        """Forget the job; a handle without a dress is reset."""
        self.job = None
        self.lines = []
        if self.dress is None:
            self.curl.reset()

    # Called by libcurl.

    def _on_ready_to_send(self, remote: str, _local: str, port: int, _local_port: int) -> int:
        assert self.job is not None
        return self.job.on_ready_to_send(remote, port)

    def _on_header(self, line: bytes) -> int | None:
        # Called for every line: all of them are read when the last one is there.
        self.lines.append(line)
        size = len(line)
        self.bytes_left -= size
        if self.bytes_left >= 0 and ((size > 2 and line[0] > _SPACE) or line[:1] not in _LINE_ENDS):
            return None
        lines, self.lines = self.lines, []
        assert self.job is not None
        return self.job.on_head(lines)

    def _on_body(self, data: bytes) -> int | None:
        assert self.job is not None
        return self.job.on_body(data)
