"""Storage keys: what an origin stores embedded in another site is apart from what it stores as a page."""

from __future__ import annotations

from sanderling import Context, Page
from sanderling.browser.storage_keys import is_partitioned, origin_of_key
from tests.support import Site

FRAME = """<script>
onmessage = (e) => { window.seen = e.data };
(async () => {
  const channel = new BroadcastChannel('c'), heard = [];
  channel.onmessage = (e) => heard.push(e.data);
  const local = localStorage.getItem('k'), session = sessionStorage.getItem('k');
  localStorage.setItem('k', location.search);
  sessionStorage.setItem('k', location.search);
  const databases = (await indexedDB.databases()).map((one) => one.name);
  await new Promise((done) => {
    const request = indexedDB.open(`db${location.search}`);
    request.onsuccess = () => { request.result.close(); done() };
  });
  parent.postMessage({local, session, databases}, '*');
})();
</script>"""
ASKED = "new Promise((done) => { const look = () => window.seen ? done(window.seen) : setTimeout(look, 1); look() })"


def test_keys_are_taken_apart() -> None:
    assert origin_of_key("https://b.test/^0https://a.test") == origin_of_key("https://b.test") == "https://b.test"
    assert is_partitioned("https://b.test/^0https://a.test")
    assert not is_partitioned("https://b.test")


def test_what_an_embedded_site_stores_is_apart(context: Context, page: Page) -> None:
    with Site({"/frame": FRAME}) as inner, Site({}) as outer, Site({}) as third:
        away = inner.url("/frame").replace("127.0.0.1", "localhost")
        embedding = f"<script>onmessage = (e) => {{ window.seen = e.data }}</script><iframe src='{away}?in'></iframe>"
        outer.pages["/"] = third.pages["/"] = embedding

        def seen(url: str) -> object:
            page.goto(url)
            return page.evaluate(ASKED)

        nothing: dict[str, object] = {"local": None, "session": None, "databases": []}
        inside: dict[str, object] = {"local": "?in", "session": "?in", "databases": ["db?in"]}
        assert seen(f"{away}?top") == nothing
        assert seen(outer.url("/")) == nothing
        assert seen(outer.url("/")) == inside
        assert seen(third.url("/")) == inside, "the same site: a port does not make another one"
        assert seen(f"{away}?top") == {"local": "?top", "session": "?top", "databases": ["db?top"]}
        assert seen(inner.url("/frame") + "?top") == nothing
        kept = context.storage_state()
        assert {one["origin"] for one in kept["origins"]} == {away.removesuffix("/frame"), inner.origin}
