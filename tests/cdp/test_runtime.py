"""Runtime: values, objects, exceptions, bindings, console."""

from __future__ import annotations

from typing import Any

import pytest

from sanderling.testing.server import Response
from tests.cdp.driver import CdpRefusedError, Driver
from tests.support import Site


def test_primitives_cross_as_chromium_writes_them(driver: Driver) -> None:
    page = driver.new_page()
    for expression, wanted in {
        "1": {"type": "number", "value": 1, "description": "1"},
        "'a'": {"type": "string", "value": "a"},
        "undefined": {"type": "undefined"},
        "null": {"type": "object", "subtype": "null", "value": None},
        "-0": {"type": "number", "unserializableValue": "-0", "description": "-0"},
        "10n": {"type": "bigint", "unserializableValue": "10n", "description": "10n"},
    }.items():
        assert page.call("Runtime.evaluate", expression=expression)["result"] == wanted


def test_objects_are_described_and_called(driver: Driver) -> None:
    page = driver.new_page()
    remote = page.call("Runtime.evaluate", expression="({a: 1, f() { return this.a }})")["result"]
    assert (remote["type"], remote["className"], remote["description"]) == ("object", "Object", "Object")
    outcome = page.call(
        "Runtime.callFunctionOn",
        objectId=remote["objectId"],
        functionDeclaration="function (n) { return this.f() + n }",
        arguments=[{"value": 2}],
        returnByValue=True,
    )
    assert outcome["result"]["value"] == 3
    properties = page.call("Runtime.getProperties", objectId=remote["objectId"], ownProperties=True)["result"]
    assert [entry["name"] for entry in properties] == ["a", "f"]
    page.call("Runtime.releaseObject", objectId=remote["objectId"])
    with pytest.raises(CdpRefusedError, match="Could not find object with given id"):
        page.call("Runtime.callFunctionOn", objectId=remote["objectId"], functionDeclaration="() => 1")


def test_an_exception_is_an_answer(driver: Driver) -> None:
    page = driver.new_page()
    outcome = page.call("Runtime.evaluate", expression="(() => { throw new TypeError('no') })()")
    details = outcome["exceptionDetails"]
    assert details["exception"]["className"] == "TypeError"
    assert details["exception"]["description"].startswith("TypeError: no\n    at ")


def test_an_uncaught_exception_is_an_event_with_its_value(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    page.evaluate("setTimeout(() => { throw new RangeError('far') }); setTimeout(() => { throw 5 })")
    first = page.wait_event("Runtime.exceptionThrown")["exceptionDetails"]
    assert first["exception"]["className"] == "RangeError"
    driver.wait(lambda: len(page_events(driver, page.name)) >= 2 or None, "the second exception")
    assert page.events("Runtime.exceptionThrown")[1]["exceptionDetails"]["exception"]["value"] == 5


def page_events(driver: Driver, name: str) -> list[object]:
    return [
        1 for session, body in driver.messages if session == name and body.get("method") == "Runtime.exceptionThrown"
    ]


def test_console_calls_are_told_and_replayed(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    page.evaluate("console.log('a', {b: 1}); console.warn('w')")
    call = page.wait_event("Runtime.consoleAPICalled", type="log")
    assert call["args"][0] == {"type": "string", "value": "a"}
    assert call["args"][1]["preview"]["properties"] == [{"name": "b", "type": "number", "value": "1"}]
    page.wait_event("Runtime.consoleAPICalled", type="warning")
    late = driver.attach(page.page)
    late.call("Runtime.enable")
    assert [event["type"] for event in late.events("Runtime.consoleAPICalled")] == ["log", "warning"]


def test_timers_of_the_console_say_how_long(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    page.evaluate("console.time('t'); console.timeLog('t', 7); console.timeEnd('t')")
    label, seven = page.wait_event("Runtime.consoleAPICalled", type="log")["args"]
    assert label["value"].startswith("t: ")
    assert seven["value"] == 7
    (label,) = page.wait_event("Runtime.consoleAPICalled", type="timeEnd")["args"]
    assert label["value"].startswith("t: ")


def test_bindings_call_back_from_every_document(driver: Driver) -> None:
    with Site({"/": "<script>tell('from the page')</script>"}) as site:
        page = driver.new_page("Page", "Runtime")
        page.call("Runtime.addBinding", name="tell")
        page.evaluate("tell('now')")
        assert page.wait_event("Runtime.bindingCalled")["payload"] == "now"
        page.goto(site.url("/"))
        page.wait_event("Runtime.bindingCalled", payload="from the page")


def test_a_pending_promise_does_not_hold_up_others(driver: Driver) -> None:
    page = driver.new_page()
    number = page.send("Runtime.evaluate", expression="new Promise(done => { go = done })", awaitPromise=True)
    assert page.evaluate("1 + 1") == 2
    page.evaluate("go(7)")
    assert page.answer(number)["result"]["value"] == 7


def test_a_context_that_is_gone_is_named_so(driver: Driver) -> None:
    with Site({"/": "x"}) as site:
        page = driver.new_page("Page", "Runtime")
        context = page.events("Runtime.executionContextCreated")[0]["context"]["id"]
        page.goto(site.url("/"))
        with pytest.raises(CdpRefusedError, match="Cannot find context with specified id"):
            page.call("Runtime.evaluate", expression="1", contextId=context)


def test_a_deep_value_is_written_for_webdriver(driver: Driver) -> None:
    page = driver.new_page()
    outcome = page.call(
        "Runtime.evaluate", expression="[1, {a: 'x'}, document.body]", serializationOptions={"serialization": "deep"}
    )
    deep = outcome["result"]["deepSerializedValue"]
    assert deep["type"] == "array"
    assert deep["value"][0] == {"type": "number", "value": 1}
    assert deep["value"][1] == {"type": "object", "value": [["a", {"type": "string", "value": "x"}]]}
    assert deep["value"][2]["value"]["localName"] == "body"
    frame = page.call("Page.getFrameTree")["frameTree"]["frame"]
    assert deep["value"][2]["value"]["loaderId"] == frame["loaderId"]


def test_a_wrong_parameter_is_named(driver: Driver) -> None:
    page = driver.new_page()
    with pytest.raises(CdpRefusedError, match=r"Invalid parameters.*expression"):
        page.call("Runtime.evaluate", expression=1)
    with pytest.raises(CdpRefusedError, match="wasn't found"):
        page.call("Runtime.nothing")


def test_the_command_line_api_is_there_while_an_expression_runs(driver: Driver) -> None:
    def value(expression: str, **more: object) -> object:
        outcome = page.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, includeCommandLineAPI=True, **more
        )
        assert "exceptionDetails" not in outcome, outcome["exceptionDetails"]["exception"]["description"]
        return outcome["result"].get("value")

    with Site({"/": "<p id=a class=x>1</p><p class=x>2</p><script>var keys = 'mine'</script>"}) as site:
        page = driver.new_page("Page", "Runtime", "DOM")
        page.goto(site.url("/"))
        assert value("$('.x').id") == "a"
        assert value("$$('.x').map((one) => one.textContent)") == ["1", "2"]
        assert value("$x('//p[2]')[0].textContent + $x('count(//p)')") == "22"
        assert value("keys") == "mine"
        assert value("values({a: 1})") == [1]
        page.call("Runtime.evaluate", expression="6 * 7", objectGroup="console")
        assert value("$_") == 42
        document = page.call("DOM.getDocument")["root"]["nodeId"]
        for selector in ("#a", "p + p"):
            page.call(
                "DOM.setInspectedNode",
                nodeId=page.call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"],
            )
        assert value("[$0.textContent, $1.id, $2]") == ["2", "a", None]
        world = page.call("Page.createIsolatedWorld", frameId=page.page, worldName="w")["executionContextId"]
        assert value("$('#a').textContent", contextId=world) == "1"
        failed = page.call("Runtime.evaluate", expression="copy(1)", includeCommandLineAPI=True)
        assert "copy() is not supported" in failed["exceptionDetails"]["exception"]["description"]
        assert page.evaluate("typeof $ + typeof $$ + typeof $0 + typeof copy") == "undefined" * 4


def test_properties_without_the_indexed_ones(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    made = page.call("Runtime.evaluate", expression="Object.assign(['a'], {x: 1, '01': 2})")["result"]["objectId"]
    found = page.call("Runtime.getProperties", objectId=made, ownProperties=True, nonIndexedPropertiesOnly=True)
    assert [one["name"] for one in found["result"]] == ["length", "x", "01"]


def test_a_script_that_does_not_compile_is_named_by_its_address(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    details = page.call("Runtime.compileScript", expression="let = ;", sourceURL="http://a/b.js", persistScript=False)
    assert details["exceptionDetails"]["url"] == "http://a/b.js"


def test_what_evaluation_cannot_do_is_named(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    with pytest.raises(CdpRefusedError, match="throwOnSideEffect"):
        page.call("Runtime.evaluate", expression="1", throwOnSideEffect=True)


def test_tools_evaluate_strings_that_a_policy_forbids_unless_they_do_not_want_to(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    policy = Response(b"<p>x", headers=(("Content-Security-Policy", "script-src 'self'"),))
    with Site({"/": policy}) as site:
        page.goto(site.url("/"))
        assert page.evaluate("eval('1')") == 1
        bound = page.call("Runtime.evaluate", expression="eval('1')", allowUnsafeEvalBlockedByCSP=False)
        assert bound["exceptionDetails"]["exception"]["className"] == "EvalError"
        assert page.evaluate("1 + 1", allowUnsafeEvalBlockedByCSP=False) == 2


def test_contexts_of_a_page_that_nothing_needed_yet_are_those_it_gets(driver: Driver) -> None:
    page = driver.new_page("Runtime", "Page")
    made = [
        page.call("Page.createIsolatedWorld", frameId=page.page, worldName=name)["executionContextId"]
        for name in ("one", "two", "one", "", "")
    ]
    assert page.call("Runtime.getHeapUsage")["usedSize"] == 0  # nobody made a heap for that
    main, *others = [event["context"] for event in page.events("Runtime.executionContextCreated")]
    assert [context["id"] for context in others] == [made[0], made[1], made[3], made[4]]
    assert made[2] == made[0]
    page.call("Runtime.addBinding", name="told", executionContextName="two")
    page.evaluate("globalThis.where = 'main'")
    for number, name in zip(made[:2], ("one", "two"), strict=True):
        page.call("Runtime.evaluate", expression=f"globalThis.where = '{name}'", contextId=number)
    wheres = [
        page.call("Runtime.evaluate", expression="[globalThis.where, typeof globalThis.told].join()", contextId=number)[
            "result"
        ]["value"]
        for number in (main["id"], *made)
    ]
    assert wheres == ["main,undefined", "one,undefined", "two,function", "one,undefined", ",undefined", ",undefined"]
    fresh = page.call("Page.createIsolatedWorld", frameId=page.page, worldName="three")["executionContextId"]
    contexts = [event["context"]["id"] for event in page.events("Runtime.executionContextCreated")]
    assert contexts == [main["id"], *made[:2], *made[3:], fresh]


def test_a_world_too_many_is_refused(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    for _ in range(99):  # and the page's own
        page.call("Page.createIsolatedWorld", frameId=page.page, worldName="")
    with pytest.raises(CdpRefusedError, match="at most 100 execution contexts"):
        page.call("Page.createIsolatedWorld", frameId=page.page, worldName="")
    assert page.evaluate("1 + 1") == 2


def test_a_page_has_more_frames_than_a_document_may_have_worlds(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    page.call("Page.addScriptToEvaluateOnNewDocument", source="", worldName="tools")
    loaded = page.evaluate(
        """Promise.all(Array.from({ length: 120 }, (_, i) => new Promise((resolve) => {
            const frame = document.createElement('iframe');
            frame.srcdoc = i;
            frame.onload = () => resolve(frame.contentDocument.body.textContent);
            document.body.append(frame);
        }))).then((texts) => texts.join())""",
    )
    assert loaded == ",".join(str(number) for number in range(120))
    last = page.events("Runtime.executionContextCreated")[-1]["context"]
    assert last["name"] == "tools"
    body = page.call("Runtime.evaluate", expression="document.body.textContent", contextId=last["id"])
    assert body["result"]["value"] == "119"


def test_isolated_worlds_have_interfaces_that_nobody_has_used(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    world = page.call("Page.createIsolatedWorld", frameId=page.page, worldName="w")["executionContextId"]
    page.evaluate("HTMLMeterElement = HTMLTimeElement = 1")
    expression = """[HTMLMeterElement.name, window.HTMLTimeElement.name, eval('HTMLTimeElement.name'),
        typeof Object.getOwnPropertyDescriptor(window, 'HTMLMapElement').value, document.createElement('meter') instanceof HTMLMeterElement]"""
    found = page.call("Runtime.evaluate", expression=expression, contextId=world, returnByValue=True)["result"]["value"]
    assert found == ["HTMLMeterElement", "HTMLTimeElement", "HTMLTimeElement", "function", True]
    assert page.evaluate("[HTMLMeterElement, HTMLTimeElement, HTMLMapElement.name]") == [1, 1, "HTMLMapElement"]


def test_isolated_worlds_that_are_first_used_late_have_what_was_there_before_page_code(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    world = page.call("Page.createIsolatedWorld", frameId=page.page, worldName="w")["executionContextId"]
    page.evaluate("""(() => { JSON.stringify = fetch = Map = 1; Object.prototype.get = () => 2; globalThis.added = 3;
        Object.defineProperty(globalThis, 'Set', { get: () => 4, configurable: true }) })()""")

    def evaluate(expression: str) -> Any:
        return page.call("Runtime.evaluate", expression=expression, contextId=world, returnByValue=True)

    for nothing in ("// a name", "/* a *\\/ **/ // b\u2028", " //\r\n/**/"):
        assert evaluate(nothing)["result"] == {"type": "undefined"}
    for code, wanted in (("/* */ 5", 5), ("// a\r6", 6), ("// a\u20287", 7)):
        assert evaluate(code)["result"]["value"] == wanted
    assert evaluate("/* never ends *")["exceptionDetails"]["exception"]["className"] == "SyntaxError"
    expression = "[JSON.stringify([1]), typeof fetch, typeof window.fetch, Map.name, new Set([1]).size, window.Set.name, 'added' in window]"
    assert evaluate(expression)["result"]["value"] == ["[1]", "function", "function", "Map", 1, "Set", False]
    assert evaluate("JSON.own = 1, window.Map = 8, [JSON.own, window.Map]")["result"]["value"] == [1, 8]
    assert page.evaluate("[JSON.own, Map]") == [None, 1]


def test_properties_of_the_global_object_are_told_as_the_standard_has_them(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    window = page.call("Runtime.evaluate", expression="window")["result"]["objectId"]
    found = page.call("Runtime.getProperties", objectId=window, ownProperties=True)["result"]
    track = next(one for one in found if one["name"] == "HTMLTrackElement")
    assert track["value"]["className"] == "Function"
    assert track["writable"]
    assert "get" not in track


def test_scripts_that_name_themselves(driver: Driver) -> None:
    pages = {
        "/": "<script>\nfunction c() { throw new Error('no') }\nc()\n//# sourceURL=mine/a.js\n</script>",
        "/late": "<script>var inline = import('./x.js').then((x) => x.y)\n//# sourceURL=http://other/b.js\n</script>",
        "/x.js": "export const y = 1",
    }
    with Site(pages) as site:
        page = driver.new_page("Page", "Runtime")
        page.goto(site.url("/"))
        details = page.wait_event("Runtime.exceptionThrown")["exceptionDetails"]
        assert details["exception"]["description"] == "Error: no\n    at c (mine/a.js:2:22)\n    at mine/a.js:3:1"
        assert [frame["url"] for frame in details["stackTrace"]["callFrames"]] == ["mine/a.js", "mine/a.js"]
        page.goto(site.url("/late"))
        assert page.evaluate("inline") == 1  # what it imports is beside the document all the same


def test_events_of_devices_can_be_made(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    with Site({"/": "here"}) as site:
        page.goto(site.url("/"))
        made = "new DeviceOrientationEvent('deviceorientation', {alpha: 1, beta: 2, absolute: true})"
        assert page.evaluate(f"(e => [e.alpha, e.beta, e.gamma, e.absolute])({made})") == [1, 2, None, True]
        made = "new DeviceMotionEvent('devicemotion', {acceleration: {x: 1}, rotationRate: {gamma: 3}, interval: 16})"
        assert page.evaluate(
            f"(e => [e.acceleration.x, e.acceleration.y, e.accelerationIncludingGravity, e.rotationRate.gamma, e.interval])({made})"
        ) == [1, None, None, 3, 16]
        assert page.evaluate("document.createEvent('DeviceMotionEvent').acceleration") is None


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("(function*(){})()", {"subtype": "generator", "className": "Generator", "description": "Generator"}),
        ("[1].values()", {"className": "Array Iterator", "description": "Array Iterator"}),
        ("new DataView(new ArrayBuffer(2))", {"subtype": "dataview", "description": "DataView(2)"}),
        ("(function () { return arguments })(1)", {"subtype": "array", "description": "Arguments(1)"}),
        ("async () => 1", {"type": "function", "className": "AsyncFunction"}),
    ],
)
def test_classes_that_are_not_constructors(driver: Driver, expression: str, wanted: dict[str, str]) -> None:
    result = driver.new_page().call("Runtime.evaluate", expression=expression)["result"]
    assert result | wanted == result
    assert ("subtype" in result) is ("subtype" in wanted)


def test_what_a_client_evaluates_has_the_address_it_gives_itself(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    source = "(function named() { throw new Error('x') })()\n//# sourceURL=client:step;1"
    details = page.call("Runtime.evaluate", expression=source)["exceptionDetails"]
    assert [(frame["functionName"], frame["url"]) for frame in details["stackTrace"]["callFrames"]] == [
        ("named", "client:step;1"),
        ("", "client:step;1"),
    ]
    # Puppeteer's: place of the caller and all
    source = "throw new Error('x')\n//# sourceURL=pptr:evaluate;Context.%3Canonymous%3E%20(%2Fa.js%3A6%3A1)"
    details = page.call("Runtime.evaluate", expression=source)["exceptionDetails"]
    (frame,) = details["stackTrace"]["callFrames"]
    assert frame["functionName"] == ""
    assert frame["url"].startswith("pptr:evaluate;Context.")
    window = page.call("Runtime.evaluate", expression="window")["result"]["objectId"]
    declaration = "function outer() { return new Error('y').stack }\n//# sourceURL=client:call"
    stack = page.call("Runtime.callFunctionOn", objectId=window, functionDeclaration=declaration)["result"]["value"]
    assert "at outer (client:call:1:" in stack or "at Window.outer (client:call:1:" in stack
    unnamed = page.call("Runtime.evaluate", expression="throw new Error('z')")["exceptionDetails"]
    assert unnamed["stackTrace"]["callFrames"][0]["url"] == ""


def test_console_calls_say_by_which_functions_they_were_made(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    page.evaluate("(function outer() { (function inner() { console.log('x') })() })()")
    frames = page.wait_event("Runtime.consoleAPICalled")["stackTrace"]["callFrames"]
    assert [(frame["functionName"], frame["url"], frame["lineNumber"]) for frame in frames] == [
        ("inner", "", 0),
        ("outer", "", 0),
        ("", "", 0),
    ]


def test_console_methods_without_arguments(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    page.evaluate("console.log(); console.group(); console.groupEnd(); console.trace(); console.clear(); 0")
    page.wait_event("Runtime.consoleAPICalled", type="clear")
    told = [(event["type"], event["args"][0]["value"]) for event in page.events("Runtime.consoleAPICalled")]
    assert told == [
        ("startGroup", "console.group"),
        ("endGroup", "console.groupEnd"),
        ("trace", "console.trace"),
        ("clear", "console.clear"),
    ]


def test_isolated_worlds_write_documents_that_have_named_frames(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    page.evaluate("document.body.innerHTML = '<iframe name=child></iframe>'; 0")
    frame = page.call("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = page.call("Page.createIsolatedWorld", frameId=frame, worldName="w")["executionContextId"]
    written = page.call(
        "Runtime.evaluate", contextId=world, expression="Object.keys(JSON.parse(JSON.stringify([document]))[0])+''"
    )["result"]["value"]
    assert written == "location"


def test_undefined_is_a_value_that_json_cannot_write(driver: Driver) -> None:
    page = driver.new_page()
    window = page.call("Runtime.evaluate", expression="window")["result"]["objectId"]
    given = [{"unserializableValue": "undefined"}, {"unserializableValue": "-0"}, {"unserializableValue": "3n"}]
    declaration = "function (a, b, c) { return [a === undefined, Object.is(b, -0), c === 3n].join() }"
    answer = page.call("Runtime.callFunctionOn", objectId=window, functionDeclaration=declaration, arguments=given)
    assert answer["result"]["value"] == "true,true,true"


def test_what_scripts_of_an_isolated_world_declare_is_there_later(driver: Driver) -> None:
    page = driver.new_page("Page", "Runtime")
    source = """
        if (globalThis.d() !== 'early') throw 1;
        var a = 1;
        const b = { c: 2 };
        function d() { return a === undefined ? 'early' : a++ + b.c }
        class E {}
        let f"""
    with Site({"/": "here"}) as site:
        page.call("Page.addScriptToEvaluateOnNewDocument", source=source, worldName="tool")
        page.goto(site.url("/"))
        events = [one["context"] for one in page.events("Runtime.executionContextCreated")]
        world = next(one["id"] for one in reversed(events) if one["name"] == "tool")

        def value(expression: str) -> object:
            outcome = page.call("Runtime.evaluate", contextId=world, expression=expression, returnByValue=True)
            assert "exceptionDetails" not in outcome, outcome
            return outcome["result"].get("value")

        assert value("[typeof a, b.c, d(), typeof E, typeof f]") == ["number", 2, 3, "function", "undefined"]
        assert value("var g = 5; g + 1") == 6  # the completion value is the script's
        assert value("[a, g, globalThis.a, globalThis.b === undefined]") == [2, 5, 2, True]
        assert value("var g = 7; 0") == 0
        assert value("g") == 7
    assert page.evaluate("[typeof a, typeof d]") == ["undefined", "undefined"]


REPL = [
    ("let a = 1; a", 1),
    ("const a = 2, b = [a]; b[0] + a", 4),
    ("class A { two() { return 2 } } new A().two()", 2),
    ("class A { two() { return 3 } }\nnew A().two()", 3),
    ("let { c, d: [e] } = { c: 1, d: [5] }; c + e", 6),
    ("await 5", 5),
    ("await (async () => 6)()", 6),
    ("const f = await Promise.resolve(7); f + 1", 8),
    ("f", 7),
    ("const g = await 1\nconst h = await 2\ng + h", 3),
    ("function three() { return 3 } await three()", 3),
    ("three()", 3),
    ("for (let i = 0; i < 2; i++) { const x = i; f1 = x }; f1", 1),
    ("let k = `a${`b;let z`}`; k.length", 8),
    ("async function later() { await 1; return 2 } typeof later", "function"),
    ("var v = 1; { let v = 2 } v", 1),
]


def test_consoles_declare_anew_and_wait_at_the_top_level(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    found = [
        (text, page.call("Runtime.evaluate", expression=text, replMode=True)["result"].get("value")) for text, _ in REPL
    ]
    assert found == REPL
    waiting = page.call("Runtime.evaluate", expression="Promise.resolve(1)", replMode=True)["result"]
    assert waiting["subtype"] == "promise", "what is not waited for is shown"
    thrown = page.call("Runtime.evaluate", expression="await Promise.reject(new Error('no'))", replMode=True)
    assert thrown["exceptionDetails"]["exception"]["description"].startswith("Error: no")
    broken = page.call("Runtime.evaluate", expression="let = =", replMode=True)
    assert broken["exceptionDetails"]["exception"]["className"] == "SyntaxError"


def test_ids_of_objects_name_their_context_where_v8s_do(driver: Driver) -> None:
    page = driver.new_page("Runtime")
    context = page.wait_event("Runtime.executionContextCreated")["context"]["id"]
    object_id = page.call("Runtime.evaluate", expression="({})")["result"]["objectId"]
    mark, named, number = object_id.split(".")
    assert (mark, named, number.isdigit()) == ("0", str(context), True)
    for wrong in ("", "x", f"{named}.{number}", f"1.{named}.{number}", f"0.{named}.x"):
        with pytest.raises(CdpRefusedError):
            page.call("Runtime.getProperties", objectId=wrong)
