"""What a context records, and what it replays (HAR).

Thread: worker.
"""

from __future__ import annotations

from sanderling.base.clock import Clock
from sanderling.base.errors import UnsupportedError
from sanderling.browser import hub as events
from sanderling.browser.files import Files
from sanderling.browser.options import ContextOptions
from sanderling.browser.page import Page
from sanderling.http.transport import Transport


class ContextRecording:
    """The recording of one context.

    Args:
        files: open the journal.
        options: of the context.
        clock: tells the time.
    """

    def __init__(self, files: Files, options: ContextOptions, clock: Clock) -> None:
        # Late, as below: few contexts record or replay.
        from sanderling.browser.recording_files import Journal
        from sanderling.http.har import HarRecorder

        self._journal = Journal(files, options.har_journal)
        self.recorder = HarRecorder(self._journal.write, clock, redact=options.har_redact)

    def watch(self, page: Page) -> None:
        """Record the navigations of a page."""
        recorder = self.recorder

        def heard(event: events.AnyEvent) -> None:
            if isinstance(event, events.NavigationStarted) and event.frame == 1:
                recorder.navigation_began(page.id, event.url)
            elif (
                isinstance(event, events.Lifecycle) and event.frame == 1 and event.name in ("domcontentloaded", "load")
            ):
                recorder.milestone(page.id, event.name)
            elif isinstance(event, events.Closed):
                recorder.forget_page(page.id)

        page.hub.subscribe(heard)

    async def close(self) -> None:
        """Everything of the context has ended."""
        await self._journal.close()


def start_recording(files: Files | None, options: ContextOptions, clock: Clock) -> ContextRecording | None:
    """Begin to record, if the options say so.

    Raises:
        UnsupportedError: there is no way to files.
    """
    if not options.har_journal:
        return None
    if files is None:
        raise UnsupportedError("a recording needs a worker with a way to files")
    return ContextRecording(files, options, clock)


class ContextReplay:
    """The recording that stands for the network of one context; it is read before the first page opens.

    Args:
        files: open it.
        options: of the context.
        network: where what is missing goes, if it goes anywhere.
    """

    def __init__(self, files: Files, options: ContextOptions, network: Transport) -> None:
        from sanderling.http.replay import ReplayTransport

        self._files = files
        self._path = options.replay
        self._loaded = False
        self.transport = ReplayTransport(network if options.replay_missing == "network" else None)

    async def load(self) -> None:
        """Read the recording, unless it was.

        Raises:
            UsageError: it cannot be read.
        """
        if not self._loaded:
            from sanderling.browser.recording_files import read_recording

            recording = await read_recording(self._files, self._path)
            if not self._loaded:
                self._loaded = True
                self.transport.load(recording)

    def close(self) -> None:
        """Everything of the context has ended."""
        self.transport.close()


def start_replay(files: Files | None, options: ContextOptions, network: Transport) -> ContextReplay | None:
    """Put a recording in the place of the network, if the options say so.

    Raises:
        UnsupportedError: there is no way to files.
    """
    if not options.replay:
        return None
    if files is None:
        raise UnsupportedError("a replay needs a worker with a way to files")
    return ContextReplay(files, options, network)
