"""document.fonts: the fonts of rules and of scripts, and when they are fetched."""

from __future__ import annotations

from sanderling.testing.transport import Answer
from tests.browser.world import World, run

A = "https://a.test/"
FONT = Answer(headers=(("Content-Type", "font/woff2"),), body=b"wOF2" + bytes(20) + b"\xff\xfe")
RULES = """<style>
@font-face { font-family: "Two Words"; src: local(x), url(/one.woff2) format("woff2"); font-weight: 700 }
@media all { @font-face { font-family: plain; src: url(none.woff2) } }
@font-face { font-family: broken }
</style><script>early = document.fonts.ready.then((set) => [set === document.fonts, document.readyState])</script>"""


def test_faces_of_rules_load_when_asked(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "early") == [True, "complete"]
        assert await world.value(page, "[...document.fonts].map((f) => [f.family, f.weight, f.status])") == [
            ['"Two Words"', "700", "unloaded"],
            ["plain", "normal", "unloaded"],
        ]
        assert await world.value(page, "[document.fonts.size, document.fonts.check('12px plain')]") == [2, False]
        assert [request.url for request in world.transport.received] == [A]
        code = """(async () => {
            const log = []; const note = (e) => log.push(e.type + e.fontfaces.length);
            for (const type of ['loading', 'loadingdone', 'loadingerror']) document.fonts.addEventListener(type, note);
            const faces = await document.fonts.load('bold 12px/1.5 "Two Words", serif');
            const ready = await document.fonts.ready;
            const failed = await document.fonts.load('1em plain').catch((e) => e.name);
            await document.fonts.ready;
            await new Promise((done) => setTimeout(done));
            return [faces.length, faces[0].status, ready.status, document.fonts.check('bold 1px "Two Words"'), failed, log];
        })()"""
        assert await world.value(page, code) == [
            1,
            "loaded",
            "loaded",
            True,
            "NetworkError",
            ["loading0", "loadingdone1", "loading0", "loadingdone0", "loadingerror1"],
        ]
        assert [request.url for request in world.transport.received][1:] == [f"{A}one.woff2", f"{A}none.woff2"]

    run(blob, {A: RULES, f"{A}one.woff2": FONT}, test)


def test_faces_of_scripts(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        code = """(async () => {
            const face = new FontFace('Mine', 'url(/one.woff2)', { weight: '300' });
            const bytes = new FontFace('b', Uint8Array.of(0x4f, 0x54, 0x54, 0x4f, 0, 0, 0, 0, 0, 0, 0, 0));
            const bad = new FontFace('c', new ArrayBuffer(40));
            const wrong = new FontFace('d', '!!');
            const { fonts } = document;
            const out = [face.status, face.weight, fonts.add(face) === fonts, fonts.has(face), fonts.size];
            out.push((await face.load()) === face, face.status, (await bytes.loaded).status);
            out.push(await bad.loaded.catch((e) => e.name), await wrong.load().catch((e) => e.name));
            out.push(fonts.delete(face), fonts.delete(face), fonts.size);
            try { fonts.check('nonsense') } catch (e) { out.push(e.name) }
            return out;
        })()"""
        assert await world.value(page, code) == [
            *["unloaded", "300", True, True, 1],
            *[True, "loaded", "loaded"],
            *["SyntaxError", "SyntaxError"],
            *[True, False, 0],
            "SyntaxError",
        ]

    run(blob, {A: "", f"{A}one.woff2": FONT}, test)
