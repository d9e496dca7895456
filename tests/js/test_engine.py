"""The contract of `js/engine.py`."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import pytest

from sanderling.base.errors import ClosedError, InternalError, JavaScriptError, PageCrashedError
from sanderling.browser.host_functions import FUNCTIONS
from sanderling.browser.parser import parse_document
from sanderling.js import engine as engine_module
from sanderling.js.engine import Engine, HostRequest, Isolate, Limits
from sanderling.js.errors import NotEnteredError

DEADLINE_S = 60.0
"""Longer than anything here takes: a test that needs it fails."""


class Page:
    """An isolate with a window, and what it said."""

    def __init__(self, isolate: Isolate) -> None:
        self.isolate = isolate
        self.posts: list[tuple[str, Any, bytes | None]] = []
        self.requests: list[HostRequest] = []
        self._news = asyncio.Event()
        isolate.on_post(self._posted)
        isolate.on_request(self._asked)

    def _posted(self, kind: str, payload: str, data: bytes | None) -> None:
        self.posts.append((kind, json.loads(payload), data))
        self._news.set()

    def _asked(self, request: HostRequest) -> None:
        self.requests.append(request)
        self._news.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def kinds(self) -> list[str]:
        return [kind for kind, _, _ in self.posts]

    async def bare(self, source: str, *, deadline_s: float = DEADLINE_S) -> Any:
        """Evaluate; what it throws comes out."""
        payload = json.dumps({"source": source, "url": "test:"})
        return json.loads((await self.isolate.enter("script.bare", payload, deadline_s=deadline_s)).result)


@asynccontextmanager
async def page(blob: bytes, limits: Limits | None = None) -> AsyncIterator[Page]:
    engine = Engine(blob, limits=limits, pure=FUNCTIONS)
    isolate = await engine.take()
    try:
        one = Page(isolate)
        start = {"kind": "window", "frame": 1, "url": "http://localhost/"}
        await isolate.enter("page.start", json.dumps(start), deadline_s=DEADLINE_S)
        yield one
    finally:
        isolate.close()
        engine.close()


def run(work: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(DEADLINE_S * 2):
            await work

    asyncio.run(bounded())


def test_entries_run_in_the_order_they_were_begun(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            await one.bare("globalThis.seen = ''; 0")
            entries = [asyncio.create_task(one.bare(f"seen += '{letter}'; seen")) for letter in "abcdef"]
            assert await asyncio.gather(*entries) == ["a", "ab", "abc", "abcd", "abcde", "abcdef"]

    run(work())


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("undefined", None),
        ("true", True),
        ("1.5", 1.5),
        ("2 ** 53", 2**53),
        ("'\\u00e9\\u{1f426}'", "é\U0001f426"),
        ("'a\\0b'", "a\0b"),
        ("'\"\\\\'", '"\\'),
        ("'x'.repeat(1 << 20).length", 1 << 20),
        ("[1,2]", "1,2"),
    ],
)
def test_values_cross(blob: bytes, source: str, value: object) -> None:
    async def work() -> None:
        async with page(blob) as one:
            assert await one.bare(source) == value

    run(work())


def test_a_long_string_crosses_whole(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            assert await one.bare("'é'.repeat(1 << 20)") == "é" * (1 << 20)

    run(work())


def test_bytes_cross_inward(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            tree = parse_document("<title>Tide</title><p id=a>high water", charset="", content_type="text/html")
            await one.isolate.enter("document.load", json.dumps({"frame": 1}), tree.data, deadline_s=DEADLINE_S)
            assert (
                await one.bare("document.title + ': ' + document.getElementById('a').textContent") == "Tide: high water"
            )

    run(work())


def test_bytes_cross_outward_with_the_post_they_belong_to(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            await one.bare("fetch('/a'); fetch('/b', {method: 'POST', body: new Uint8Array([0, 255, 10])}); 0")
            await one.until(lambda: one.kinds().count("net.fetch") == 2)
            first, second = (entry for entry in one.posts if entry[0] == "net.fetch")
            assert (first[1]["url"], first[2]) == ("http://localhost/a", None)
            assert (second[1]["url"], second[2]) == ("http://localhost/b", b"\x00\xff\n")

    run(work())


def test_pure_functions_answer_on_the_engines_thread(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            source = "const d = document.createElement('div'); d.innerHTML = '<b>x</b>y'; d.childNodes.length"
            assert await one.bare(source) == 2
            assert one.requests == []

    run(work())


def test_an_exception_comes_out_with_name_message_and_stack(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            with pytest.raises(JavaScriptError) as caught:
                await one.bare("function fly() { throw new RangeError('too far') }\nfly()")
            assert (caught.value.name, caught.value.message) == ("RangeError", "too far")
            assert "fly" in caught.value.stack
            assert await one.bare("1 + 1") == 2

    run(work())


def test_an_unknown_entry_is_an_error(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            with pytest.raises(JavaScriptError, match="no entry of this name: nowhere"):
                await one.isolate.enter("nowhere", "null", deadline_s=DEADLINE_S)

    run(work())


def test_a_deadline_ends_a_spinning_script(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            with pytest.raises(PageCrashedError, match=r"ran for more than 0\.2 s without a pause"):
                await one.bare("for (;;);", deadline_s=0.2)
            assert await one.bare("1 + 1") == 2

    run(work())


def test_a_deadline_ends_a_script_that_catches_everything(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            source = "for (;;) { try { for (;;); } catch { continue; } finally { for (;;); } }"
            with pytest.raises(PageCrashedError):
                await one.bare(source, deadline_s=0.2)

    run(work())


def test_a_deadline_ends_microtasks_without_end(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            with pytest.raises(PageCrashedError):
                await one.bare("(function again() { Promise.resolve().then(again) })(); 0", deadline_s=0.2)

    run(work())


def test_the_heap_is_limited(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob, Limits(heap_bytes=64 << 20)) as one:
            with pytest.raises(PageCrashedError, match="used more memory than its limit"):
                await one.bare("const all = []; for (;;) all.push({})")

    run(work())


@pytest.mark.slow
def test_code_that_the_engine_cannot_stop_is_given_up(
    blob: bytes, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """V8 looks for a termination in calls only where a loop has some, and this builtin does not look."""
    monkeypatch.setattr(engine_module, "GIVE_UP_S", 0.3)
    taken: list[Isolate] = []
    stop_s = 4  # far more than 0.5: when it has ended, "it cannot be stopped" is not what is said

    async def work() -> None:
        async with page(blob) as other:
            async with page(blob) as one:
                source = (
                    f"const end = Date.now() + {stop_s * 1000}; while (Date.now() < end) new Array(1000).fill(0); 0"
                )
                with pytest.raises(PageCrashedError, match="cannot be stopped"):
                    await one.bare(source, deadline_s=0.2)
                taken.append(one.isolate)
            assert await other.bare("6 * 7") == 42

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run, work()).result()
    # Its loop has ended, and the engine is still at it: whatever was left would go on another thread.
    assert taken[0]._runtime is None
    gc.collect()
    assert capfd.readouterr().err == ""


def test_buffers_are_limited(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob, Limits(buffer_bytes=32 << 20)) as one:
            with pytest.raises(JavaScriptError, match=r"RangeError|allocation"):
                await one.bare("const all = []; for (let i = 0; i < 64; i++) all.push(new ArrayBuffer(1 << 20)); 0")
            assert await one.bare("'alive'") == "alive"

    run(work())


def test_recursion_without_end_is_a_range_error(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            with pytest.raises(JavaScriptError, match="Maximum call stack size exceeded"):
                await one.bare("(function deeper() { deeper() })()")
            assert await one.bare("1 + 1") == 2

    run(work())


def test_urgent_posts_arrive_while_the_script_runs_on(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            entry = asyncio.create_task(one.bare("fetch('/x'); for (;;);"))
            await one.until(lambda: "net.fetch" in one.kinds())
            assert not entry.done()
            one.isolate.close()
            with pytest.raises(ClosedError):
                await entry

    run(work())


def test_posts_keep_their_order(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            await one.bare("console.log('a'); fetch('/x'); console.log('b'); 0")
            await one.until(lambda: len(one.posts) == 3)
            assert one.kinds() == ["console", "net.fetch", "console"]

    run(work())


def test_many_posts_of_one_entry_all_arrive(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            await one.bare("for (let i = 0; i < 5000; i++) console.log(i); 0")
            assert [payload["text"] for _, payload, _ in one.posts] == [str(number) for number in range(5000)]

    run(work())


def test_the_worker_answers_a_question_that_page_code_waits_for(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            entry = asyncio.create_task(one.bare("confirm('Wade in?')"))
            await one.until(lambda: bool(one.requests))
            request = one.requests[0]
            assert (request.kind, json.loads(request.payload)["message"]) == ("dialog", "Wade in?")
            assert not entry.done()
            one.isolate.answer(request.id, '{"accepted": true}')
            assert await entry is True

    run(work())


def test_a_refusal_is_an_exception_for_page_code(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            entry = asyncio.create_task(one.bare("try { confirm('?') } catch (error) { 'caught ' + error.message }"))
            await one.until(lambda: bool(one.requests))
            one.isolate.refuse(one.requests[0].id, "no, \u00e9")
            assert await entry == "caught no, \u00e9"

    run(work())


def test_answers_reach_the_isolate_that_asked(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one, page(blob) as other:
            first = asyncio.create_task(one.bare("confirm('one')"))
            second = asyncio.create_task(other.bare("confirm('other')"))
            await one.until(lambda: bool(one.requests))
            await other.until(lambda: bool(other.requests))
            other.isolate.answer(other.requests[0].id, '{"accepted": false}')
            assert await second is False
            assert not first.done()
            one.isolate.answer(one.requests[0].id, '{"accepted": true}')
            assert await first is True

    run(work())


def test_closing_releases_an_entry_that_waits(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            entry = asyncio.create_task(one.bare("for (;;) try { confirm('?') } catch {}"))
            await one.until(lambda: bool(one.requests))
            one.isolate.close()
            with pytest.raises(ClosedError):
                await entry

    run(work())


def test_closing_ends_an_entry_that_computes(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            entry = asyncio.create_task(one.bare("fetch('/x'); for (;;);"))
            await one.until(lambda: "net.fetch" in one.kinds())
            one.isolate.close()
            with pytest.raises(ClosedError):
                await entry
            one.isolate.close()
            with pytest.raises(ClosedError):
                await one.bare("1")

    run(work())


def test_entries_in_line_behind_a_closed_one_fail(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            first = asyncio.create_task(one.bare("fetch('/x'); for (;;);"))
            second = asyncio.create_task(one.bare("1"))
            await one.until(lambda: "net.fetch" in one.kinds())
            one.isolate.close()
            results = await asyncio.gather(first, second, return_exceptions=True)
            assert [type(result) for result in results] == [ClosedError, NotEnteredError]

    run(work())


def test_canceling_an_await_does_not_end_the_entry(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            source = "globalThis.got = confirm('?'); console.log('heard'); setTimeout(() => {}, 5000); 0"
            entry = asyncio.create_task(one.bare(source))
            await one.until(lambda: bool(one.requests))
            entry.cancel()
            later = asyncio.create_task(one.bare("got"))
            with pytest.raises(asyncio.CancelledError):
                await entry
            one.isolate.answer(one.requests[0].id, '{"accepted": true}')
            assert await later is True
            assert one.kinds() == ["console", "wake"], "nor is lost what it posts, or a timer"

    run(work())


def test_closing_does_not_wait_for_an_entry_whose_await_was_canceled(blob: bytes) -> None:
    closed = threading.Event()

    def worker() -> None:
        async def work() -> None:
            async with page(blob) as one:
                source = json.dumps({"source": "fetch('/x'); for (;;);", "url": "test:"})
                entry = asyncio.create_task(
                    one.isolate.enter("script.bare", source, deadline_s=DEADLINE_S, waits_count=False)
                )
                await one.until(lambda: "net.fetch" in one.kinds())
                entry.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await entry
            closed.set()

        run(work())

    threading.Thread(target=worker, daemon=True).start()
    assert closed.wait(DEADLINE_S)


def test_another_page_answers_while_the_first_spins(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one, page(blob) as other:
            spin = asyncio.create_task(one.bare("fetch('/x'); for (;;);"))
            await one.until(lambda: "net.fetch" in one.kinds())
            assert await other.bare("6 * 7") == 42
            assert not spin.done()
            one.isolate.close()
            with pytest.raises(ClosedError):
                await spin

    run(work())


def test_a_crash_leaves_other_pages_alone(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as other:
            async with page(blob, Limits(heap_bytes=64 << 20)) as one:
                with pytest.raises(PageCrashedError):
                    await one.bare("let text = 'x'; const all = []; for (;;) all.push(text += 'x' + all.length)")
            assert await other.bare("6 * 7") == 42

    run(work())


def test_isolates_share_nothing(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one, page(blob) as other:
            await one.bare("globalThis.mine = 1; Array.prototype.mine = 2; 0")
            assert await other.bare("typeof mine + typeof [].mine") == "undefinedundefined"

    run(work())


def test_the_next_timer_is_told(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            payload = json.dumps({"source": "setTimeout(() => {}, 5000); 0", "url": "test:"})
            entry = await one.isolate.enter("script.bare", payload, deadline_s=DEADLINE_S)
            assert entry.next_timer_ms is not None
            assert 4000 < entry.next_timer_ms <= 5000
            assert not entry.mutated

    run(work())


def test_a_mutation_is_told(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            payload = json.dumps({"source": "document.append(document.createElement('p')); 0", "url": "test:"})
            assert (await one.isolate.enter("script.bare", payload, deadline_s=DEADLINE_S)).mutated

    run(work())


def test_a_second_snapshot_is_refused(blob: bytes) -> None:
    Engine(blob)
    with pytest.raises(InternalError, match="two different startup snapshots"):
        Engine(blob + b"x")


def test_an_engine_for_one_page_makes_nothing_for_a_second(blob: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        engine = Engine(blob, pure=FUNCTIONS, room=lambda: False)
        engine.prepare_spare()
        only = await engine.take()

        def fail() -> Isolate:
            raise AssertionError("nobody will take it")

        with monkeypatch.context() as watched:
            watched.setattr(engine, "_make", fail)
            engine.prepare_spare()
        only.close()
        engine.close()

    run(work())


def test_a_spare_isolate_is_the_next_one_and_a_closed_engine_makes_none(blob: bytes) -> None:
    async def work() -> None:
        engine = Engine(blob, pure=FUNCTIONS)
        engine.prepare_spare()
        first = await engine.take()
        second = await engine.take()
        assert first is not second
        engine.prepare_spare()
        engine.close()
        with pytest.raises(ClosedError, match="engine is closed"):
            await engine.take()
        first.close()
        second.close()
        assert first.closed

    run(work())


def test_page_code_reaches_no_engine_internals(blob: bytes) -> None:
    async def work() -> None:
        async with page(blob) as one:
            names = ["Deno", "__sanderling_boot", "__bootstrap", "__dispatch"]
            assert await one.bare(f"{names}.filter((name) => name in globalThis).join()") == ""

    run(work())


def test_nothing_is_dropped_on_another_thread(blob: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """The engine complains on standard error when its objects go on a thread other than theirs."""

    def worker() -> None:
        async def work() -> None:
            async with page(blob) as one:
                entry = asyncio.create_task(one.bare("fetch('/x'); for (;;);"))
                await one.until(lambda: "net.fetch" in one.kinds())
                one.isolate.close()
                with pytest.raises(ClosedError):
                    await entry

        run(work())
        gc.collect()

    thread = threading.Thread(target=worker)
    thread.start()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
    gc.collect()
    assert capfd.readouterr().err == ""
