"""What the keywords of a frame's sandbox allow, beside scripts and the origin."""

from __future__ import annotations

from sanderling.browser import hub as events
from sanderling.testing.transport import Answer
from tests.browser.world import World, run

A = "https://a.test/"

TRIES = """<form id=f action=/sent onsubmit='window.submitted = true'></form><script>
  var submitted = false;
  var got = [confirm('sure?'), window.open('/popup') === null];
  try { top.location = '/elsewhere'; got.push('navigated') } catch (e) { got.push(e.name) }
  document.getElementById('f').requestSubmit();
  got.push(submitted);
</script>"""


def test_what_a_sandbox_forbids(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "frames[0].got") == [False, True, "SecurityError", False]
        assert [event for event in world.seen if isinstance(event, events.Dialog)] == []
        assert list(world.context.pages.values()) == [page]
        assert page.main_frame.url == A

    run(
        blob,
        {A: "<iframe sandbox='allow-scripts allow-same-origin' src=child></iframe>", A + "child": TRIES},
        test,
    )


def test_what_its_keywords_allow(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "frames[0].got") == [False, False, True]
        (dialog,) = [event for event in world.seen if isinstance(event, events.Dialog)]
        assert dialog.message == "sure?"
        popup = next(one for one in world.context.pages.values() if one is not page)
        assert popup.popup_sandbox is not None
        assert {name for name, allowed in popup.popup_sandbox.items() if allowed} == {
            "scripts",
            "forms",
            "modals",
            "popups",
        }

    run(
        blob,
        {
            A: "<iframe sandbox='allow-scripts allow-same-origin allow-modals allow-popups allow-forms' src=child></iframe>",
            A + "child": TRIES.replace("top.location = '/elsewhere'; got.push('navigated')", ""),
            A + "sent": "",
            A + "popup": "",
        },
        test,
    )


def test_the_sandbox_directive_of_a_frame(blob: bytes) -> None:
    async def test(world: World) -> None:
        page = await world.open(A)
        assert await world.value(page, "frames[0].got") == [False, True, "SecurityError", False]

    headers = (("Content-Type", "text/html"), ("Content-Security-Policy", "sandbox allow-scripts allow-same-origin"))
    run(blob, {A: "<iframe src=child></iframe>", A + "child": Answer(headers=headers, body=TRIES.encode())}, test)
