"""`window.navigation`: what navigations of a document tell it, and what it knows of other documents."""

from __future__ import annotations

from sanderling.browser.navigation_request import NavigationRequest
from sanderling.browser.session_history import MAX_STATE_BYTES
from tests.browser.world import World, run

A = "https://a.test/"
DOCUMENTS = {A: "<title>a</title><iframe src=frame></iframe>", A + "frame": "", A + "b": "<title>b</title>"}
DOCUMENTS |= {A + "frame2": "", "https://other.test/": ""}


def test_entries_and_their_states_outlive_documents(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "navigation.updateCurrentEntry({state: {first: new Map([[1, 2]])}})")
        await world.value(page, "window.gone = navigation.navigate('/b', {state: ['second']})")
        assert await world.until(page, "location.pathname === '/b'")
        entries = "navigation.entries().map((e) => [new URL(e.url).pathname, e.index, e.sameDocument])"
        assert await world.value(page, entries) == [["/", 0, False], ["/b", 1, True]]
        assert await world.value(page, "navigation.currentEntry.getState()") == ["second"]
        assert await world.value(page, "navigation.entries()[0].getState().first.get(1)") == 2
        activation = "[navigation.activation.navigationType, navigation.activation.from === navigation.entries()[0]]"
        assert await world.value(page, activation) == ["push", True]
        key = await world.value(page, "navigation.entries()[0].key")
        await world.value(page, "void navigation.traverseTo(navigation.entries()[0].key)")
        assert await world.until(page, "location.pathname === '/'")
        assert await world.value(page, "navigation.currentEntry.key") == key
        assert await world.value(page, "[navigation.canGoBack, navigation.canGoForward]") == [False, True]
        await world.value(page, "location.href = 'https://other.test/'")
        assert await world.until(page, "location.host === 'other.test'")
        # What another origin had is not told.
        assert await world.value(page, "navigation.entries().length") == 1

    run(blob, DOCUMENTS, test)


def test_a_listener_is_told_of_what_leaves_the_document_and_may_prevent_it(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        script = """new Promise((done) => {
            navigation.onnavigate = (event) => {
                event.preventDefault();
                done([event.navigationType, event.destination.url, event.destination.sameDocument, event.canIntercept, event.cancelable]);
            };
            location.href = '/b';
        })"""
        assert await world.value(page, script) == ["push", A + "b", False, True, True]
        rejected = "navigation.navigate('/b').committed.catch((error) => error.name)"
        assert await world.value(page, rejected) == "AbortError"
        assert page.main_frame.url == A

    run(blob, DOCUMENTS, test)


def test_a_reload_keeps_the_entry_and_a_frame_has_entries_of_its_own(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "navigation.updateCurrentEntry({state: 1}); window.old = true")
        before = await world.value(page, "[navigation.currentEntry.key, navigation.currentEntry.id]")
        await world.value(page, "void navigation.reload()")
        assert await world.until(page, "!window.old && document.readyState === 'complete'")
        assert await world.value(page, "[navigation.currentEntry.key, navigation.currentEntry.id]") == before
        assert await world.value(page, "navigation.currentEntry.getState()") == 1
        await world.value(page, "void frames[0].navigation.navigate('/frame2', {state: 2})")
        assert await world.until(page, "frames[0].location.pathname === '/frame2'")
        inner = "[frames[0].navigation.entries().length, frames[0].navigation.currentEntry.getState()]"
        assert await world.value(page, inner) == [2, 2]
        came = "(({navigationType: t, from}) => [t, from === frames[0].navigation.entries()[0]])(frames[0].navigation.activation)"
        assert await world.value(page, came) == ["push", True]
        assert await world.value(page, "navigation.entries().length") == 1

    run(blob, DOCUMENTS, test)


def test_a_prevented_traversal_stays_where_it_is(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await world.value(page, "history.pushState(1, '', '/one')")
        script = """(async () => {
            navigation.onnavigate = (event) => event.preventDefault();
            const name = await navigation.back().committed.catch((error) => error.name);
            navigation.onnavigate = null;
            return [name, location.pathname, navigation.currentEntry.index];
        })()"""
        assert await world.value(page, script) == ["AbortError", "/one", 1]
        await world.value(page, "navigation.back().finished.then(() => undefined)")
        assert await world.value(page, "[location.pathname, navigation.currentEntry.index]") == ["/", 0]

    run(blob, DOCUMENTS, test)


def test_states_of_a_page_are_bounded_and_those_near_stay(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        script = """(() => {
            Array.prototype.toJSON = () => 'not asked';
            for (let i = 0; i < 10; i++) {
                history.pushState(null, '', '?' + i);
                navigation.updateCurrentEntry({state: {i, filler: 'x'.repeat(3e6), bytes: new Uint8Array([1, 0, 0, 255])}});
            }
            delete Array.prototype.toJSON;
        })()"""
        await world.value(page, script)
        sizes = [step.main.state.size for step in page.history.steps if step.main.state is not None]
        assert 9e6 < sum(sizes) <= MAX_STATE_BYTES
        await page.navigations.goto(NavigationRequest(url=A + "b"))
        states = "navigation.entries().map((entry) => entry.getState()?.i ?? null)"
        assert await world.value(page, states) == [None] * 6 + [5, 6, 7, 8, 9, None]
        assert await world.value(page, "navigation.entries()[10].getState().bytes.join()") == "1,0,0,255"
        # One that is larger than all may be is kept by its own document only.
        await world.value(page, "navigation.updateCurrentEntry({state: 'x'.repeat(17e6)})")
        assert await world.value(page, "navigation.currentEntry.getState().length") == 17_000_000
        assert page.history.current.main.state is None

    run(blob, DOCUMENTS, test)


def test_a_traversal_whose_step_is_cut_off_before_it_begins_goes_to_the_last(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        await page.goto(NavigationRequest(url=A + "b"))
        await page.navigations.traverse_and_wait(-1, "load")
        navigation = page.navigations.traverse(1)
        page.history.forget_others()
        await page.navigations.wait_milestone("load", navigation)
        assert [len(page.history), page.main_frame.url] == [1, A + "b"]

    run(blob, DOCUMENTS, test)


def test_a_frame_is_told_of_a_traversal_and_knows_where_it_came_from(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        script = """(async () => {
            const frame = document.querySelector('iframe');
            const loaded = () => new Promise((done) => { frame.onload = () => setTimeout(done); });
            frame.contentWindow.location.href = '/frame2';
            await loaded();
            const told = [];
            frame.contentWindow.navigation.onnavigate = (event) => told.push(event.navigationType, event.destination.index);
            frame.contentWindow.navigation.back();
            await loaded();
            const { activation } = frame.contentWindow.navigation;
            const list = frame.contentWindow.navigation.entries();
            return [...told, activation.navigationType, activation.from === list[1], activation.entry === list[0]];
        })()"""
        assert await world.value(page, script) == ["traverse", 0, "traverse", True, True]

    run(blob, DOCUMENTS, test)


def test_an_entry_that_is_gone_when_a_traversal_begins_is_not_gone_to(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        script = """(async () => {
            await navigation.navigate('#one').finished;
            await navigation.back().finished;
            const { committed } = navigation.forward();
            await navigation.navigate('#two').finished;
            return [await committed.catch((error) => error.name), location.hash, navigation.entries().length];
        })()"""
        assert await world.value(page, script) == ["AbortError", "#two", 2]

    run(blob, DOCUMENTS, test)


def test_a_handler_of_a_traversal_scrolls_when_it_is_done(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        script = """(async () => {
            document.body.innerHTML = '<div style="height: 5000px"></div>';
            history.pushState(null, '', '#one');
            scrollTo(0, 300);
            let before = -1;
            navigation.onnavigate = (event) => event.intercept({ handler: async () => { before = scrollY; } });
            await navigation.back().finished;
            return [before, scrollY];
        })()"""
        assert await world.value(page, script) == [300, 0]

    run(blob, DOCUMENTS, test)


def test_another_window_moves_a_frame_of_another_origin_by_its_fragment(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        script = """(async () => {
            const frame = document.querySelector('iframe');
            let loads = 0;
            frame.onload = () => loads++;
            frame.name = 'far';
            frame.src = 'https://other.test/';
            await new Promise((done) => { onmessage = done; });
            frame.contentWindow.location.href = 'https://other.test/#one';
            const first = await new Promise((done) => { onmessage = (event) => done(event.data); });
            open('https://other.test/#two', 'far');
            const second = await new Promise((done) => { onmessage = (event) => done(event.data); });
            return [first, second, loads];
        })()"""
        assert await world.value(page, script) == ["#one 1", "#two 2", 1]

    far = """<script>
        let changes = 0;
        onhashchange = () => parent.postMessage(location.hash + ' ' + ++changes, '*');
        onload = () => parent.postMessage('here', '*');
    </script>"""
    run(blob, DOCUMENTS | {"https://other.test/": far}, test)
