"""The joint session history of a page: what each of its frames shows at each step (HTML, 7.4.1).

An entry of a frame is one object in all the steps that show it: what replaces it replaces it in all of them. A step is only there while some
frame's entry begins with it.

Thread: any.
"""

from __future__ import annotations

import itertools
from collections.abc import Container

import msgspec

from sanderling.proto.url import serialize_origin

MAIN = 1
"""The number of the main frame."""

GONE = -1
"""The number of a document that nobody has any more: whoever goes there loads it."""

MAX_STEPS = 50
"""Of a page; the oldest goes when there are more. It is Chromium's number, and `web/html/History.js` knows it."""

_STEP_IDS = itertools.count(1)


MAX_STATE_BYTES = 16 * 1024 * 1024
"""Of the states of a page's entries, both kinds together; those that are farthest from the current step are forgotten when there are more."""


class EntryState(msgspec.Struct, frozen=True):
    """A serialised value: what `web/webmessaging/wire.js` makes of one."""

    json: str
    data: bytes | None

    @property
    def size(self) -> int:
        """How many bytes are kept for it."""
        return len(self.json) + len(self.data or b"")


class HistoryEntry(msgspec.Struct):
    """What a frame shows: `document` numbers the document among those of the frame, `entry` the document's own state entries."""

    url: str
    document: int
    entry: int = 0
    transition: str = "link"
    """CDP's `TransitionType`: how it came about."""
    initiator: str = ""
    """Serialised origin of the document that asked for it; empty for the user. Whoever goes back to it asks in that one's name."""
    origin: str = ""
    """Serialised origin of its document, where that is another than its URL's (about:blank, about:srcdoc)."""
    key: str = ""
    """The navigation API's key of the place in the list; empty until somebody asks."""
    id: str = ""
    """The navigation API's id of what is there; empty until somebody asks."""
    state: EntryState | None = None
    """The navigation API's state."""
    classic: EntryState | None = None
    """The state of `history.pushState()`."""
    scroll: tuple[float, float] = (0, 0)
    """Where the viewport was, in CSS pixels, when the document was left."""
    manual: bool = False
    """The document itself sees to where the viewport is (HTML, "scroll restoration mode")."""

    @property
    def size(self) -> int:
        """How many bytes of states are kept for it."""
        if self.state is None and self.classic is None:  # most have none, and each navigation asks all
            return 0
        return sum(one.size for one in (self.state, self.classic) if one is not None)


class Step(msgspec.Struct):
    """A place that the user can go back to."""

    frames: dict[int, HistoryEntry]
    """By the number of the frame."""
    id: int = msgspec.field(default_factory=lambda: next(_STEP_IDS))
    """Unique in the process: clients name steps by it."""

    @property
    def main(self) -> HistoryEntry:
        """What the main frame shows."""
        return self.frames[MAIN]


class SessionHistory:
    """The steps of a page, and where it is."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.index = -1
        self._showing: dict[int, HistoryEntry] = {}  # what each frame shows now
        self._parents: dict[int, int] = {}  # of the child frames
        self._returning: list[
            tuple[int, HistoryEntry]
        ] = []  # frames of a document that came back: their old numbers, in order
        self._restored: dict[int, str] = {}  # URLs that frames of such a document had

    def __len__(self) -> int:
        """Give `history.length`."""
        return len(self.steps)

    @property
    def current(self) -> Step:
        """Where the page is; there is one once it has a document."""
        return self.steps[self.index]

    def target(self, delta: int) -> int | None:
        """Give the index `delta` steps away, or None when there is no such step."""
        index = self.index + delta
        return index if 0 <= index < len(self.steps) else None

    # -- documents and state entries ---------------------------------------------------------------------------------------

    def push(self, entry: HistoryEntry, frame: int = MAIN) -> None:
        """Add a step in which `frame` shows `entry`; the steps after the current one are gone, and the oldest where there are too many."""
        if self.index < 0:
            self.replace(entry, frame)
            return
        self._restored.pop(frame, None)
        del self.steps[self.index + 1 :]
        leaves = frame == MAIN and entry.document != self.current.main.document
        self.steps.append(Step({MAIN: entry} if leaves else {**self.current.frames, frame: entry}))
        if len(self.steps) > MAX_STEPS:
            del self.steps[0]
        self.index = len(self.steps) - 1
        if leaves:
            self._leave()
        self._showing[frame] = entry

    def replace(self, entry: HistoryEntry, frame: int = MAIN) -> None:
        """Have `frame` show `entry` in place of what it shows, in all steps where it does."""
        if self.index < 0:
            self.steps, self.index = [Step({frame: entry})], 0
            self._showing[frame] = entry
            return
        self._restored.pop(frame, None)
        known = self._showing.get(frame)
        if frame == MAIN and known is not None and entry.document != known.document:
            for step in self.steps:
                if step.frames[MAIN] is known:
                    step.frames = {MAIN: known}
            self._leave()
            self._collapse()
        if known is None:
            self.current.frames[frame] = self._showing[frame] = entry
        else:
            if entry.document != known.document:
                known.initiator = entry.initiator
                if (known.origin or serialize_origin(known.url)) != (entry.origin or serialize_origin(entry.url)):
                    known.key = ""  # HTML, "finalize a cross-document navigation": another place for the navigation API
                known.origin = entry.origin
            known.url, known.document, known.entry = entry.url, entry.document, entry.entry
            known.transition = entry.transition
            known.id, known.state = entry.id, entry.state
            known.classic, known.scroll, known.manual = entry.classic, entry.scroll, entry.manual

    def showing(self, frame: int) -> HistoryEntry | None:
        """Give the entry that a frame shows now."""
        return self._showing.get(frame)

    def arrive(self, index: int, entry: HistoryEntry) -> None:
        """The main frame got a new document by going to the step `index`: its frames go on where they were, in their order."""
        self.index = min(index, len(self.steps) - 1)
        self._leave()
        children = sorted(
            (number, known)
            for number, known in self.current.frames.items()
            if number != MAIN and self._parents.get(number) == MAIN
        )
        known = self.current.main
        self._come_again(known, entry)
        self._showing[MAIN] = known
        self._returning = children

    def reload(self, entry: HistoryEntry) -> None:
        """The main frame shows the document of the current step anew."""
        known = self.current.main
        old, same = known.document, known.url == entry.url
        if same:
            entry.entry, entry.classic, entry.scroll, entry.manual = (
                known.entry,
                known.classic,
                known.scroll,
                known.manual,
            )
        self.replace(entry)
        if same:
            self._renumber(old, entry.document)

    def _come_again(self, known: HistoryEntry, entry: HistoryEntry) -> None:
        if known.url == entry.url:
            self._renumber(known.document, entry.document)
            return
        # HTML, "create navigation params by fetching": a redirect has led elsewhere, what was kept is another document's.
        known.url, known.document, known.entry = entry.url, entry.document, 0
        known.classic, known.scroll, known.manual = None, (0, 0), False

    def _renumber(self, old: int, new: int) -> None:
        """All entries of a document that was left are those of the one that stands for it now (HTML, "document state")."""
        for step in self.steps:
            if step.main.document == old:
                step.main.document = new

    def document_entries(self) -> list[HistoryEntry]:
        """Give the main document's entries, in order."""
        out = {id(step.main): step.main for step in self.steps if step.main.document == self.current.main.document}
        return list(out.values())

    def note_scroll(self, positions: list[tuple[int, float, float]]) -> None:
        """The main document is left: where the viewport is in its entries."""
        known = {number: (x, y) for number, x, y in positions}
        for entry in self.document_entries():
            entry.scroll = known.get(entry.entry, (0, 0))

    def _leave(self) -> None:
        self._showing = {number: entry for number, entry in self._showing.items() if number == MAIN}
        self._returning = []
        self._restored.clear()

    # -- frames ------------------------------------------------------------------------------------------------------------

    def adopt(self, frame: int, parent: int, url: str, origin: str = "") -> None:
        """A child frame is there, with its initial document."""
        self._parents[frame] = parent
        if self.index < 0:
            return
        if parent == MAIN and self._returning:
            old, entry = self._returning.pop(0)
            for step in self.steps:
                if old in step.frames:
                    step.frames[frame] = step.frames.pop(old)
                    step.frames[frame].document = GONE
            self._parents.pop(old, None)
            self._showing[frame] = entry
            self._restored[frame] = entry.url
            return
        self.current.frames[frame] = self._showing[frame] = HistoryEntry(url, 0, origin=origin)

    def take_restored(self, frame: int) -> str:
        """Give the URL that a frame of a document which came back had; once, and empty for others."""
        return self._restored.pop(frame, "")

    def drop(self, frame: int) -> bool:
        """A child frame is gone: so are the steps that only it made. Tells whether there were any."""
        self._parents.pop(frame, None)
        self._showing.pop(frame, None)
        self._restored.pop(frame, None)
        for step in self.steps:
            step.frames.pop(frame, None)
        return self._collapse()

    def _collapse(self) -> bool:
        kept: list[Step] = []
        index = self.index
        for number, step in enumerate(self.steps):
            if kept and _same(kept[-1], step):
                if number == self.index:
                    kept[-1] = step
                if number <= self.index:
                    index -= 1
                continue
            kept.append(step)
        changed = len(kept) != len(self.steps)
        self.steps, self.index = kept, index
        return changed

    # -- going there -------------------------------------------------------------------------------------------------------

    def go(self, index: int, alive: Container[int]) -> list[tuple[int, HistoryEntry]]:
        """Go to a step of the current document, and give the frames that show something else then."""
        self.index = index
        changes = [
            (number, entry)
            for number, entry in self.current.frames.items()
            if number in alive and self._showing.get(number) is not entry
        ]
        self._showing.update(changes)
        return changes

    def bound_states(self) -> None:
        """Forget states where there is more than `MAX_STATE_BYTES` of them."""
        # Hardly ever is there anything to forget. (Entries of several steps count each time here.)
        if sum(entry.size for step in self.steps for entry in step.frames.values()) <= MAX_STATE_BYTES:
            return
        total = 0
        counted: set[int] = set()
        for number in sorted(range(len(self.steps)), key=lambda one: abs(one - self.index)):
            for entry in self.steps[number].frames.values():
                if entry.size == 0 or id(entry) in counted:
                    continue
                counted.add(id(entry))
                if total + entry.size > MAX_STATE_BYTES:
                    entry.state = entry.classic = None
                else:
                    total += entry.size

    def forget_others(self) -> None:
        """Leave the current step only."""
        self.steps, self.index = [self.current], 0


def _same(one: Step, other: Step) -> bool:
    return one.frames.keys() == other.frames.keys() and all(
        other.frames[number] is entry for number, entry in one.frames.items()
    )
