"""Random documents survive: what a Markdown parser makes of our output says the same as the page."""

from __future__ import annotations

import random
import re

import pytest
from markdown_it import MarkdownIt

from sanderling import dump

WORDS = [
    "a", "b c", " ", "x.", "(y)", "*", "_", "`", "1.", "2) z", "- q", "# h", "[l]", "](u)", "!", "<t>", "&", "\\", "~",
    "~~",    "+ ", "é", "\xa0", "--- ", "===", "|", "snake_case", "**", '"q"', ":", ">", "[ ] ",
    "http://u.test/a_b", "<",
    "&lt;", "``",
]  # fmt: skip
INLINE = ["b", "em", "i", "strong", "del", "code", "sub", "sup", "a", "span", "kbd"]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _inline(rng: random.Random, depth: int) -> str:
    out = ""
    for _ in range(rng.randint(1, 4)):
        if depth and rng.random() < 0.45:
            tag = rng.choice(INLINE)
            inner = _inline(rng, depth - 1) if tag != "a" else _escape(rng.choice(WORDS))
            out += f"<{tag}{' href=/%d' % rng.randint(0, 9) if tag == 'a' else ''}>{inner}</{tag}>"  # noqa: UP031
        else:
            out += "<br>" if rng.random() < 0.1 else _escape(rng.choice(WORDS))
    return out


def _blocks(rng: random.Random, depth: int) -> str:
    out = ""
    for _ in range(rng.randint(1, 3)):
        kind = rng.choice(["p", "p", "text", "quote", "list", "h2", "pre", "hr", "table"]) if depth else "p"
        if kind == "p":
            out += f"<p>{_inline(rng, 2)}</p>"
        elif kind == "text":
            out += _inline(rng, 2)
        elif kind == "quote":
            out += f"<blockquote>{_blocks(rng, depth - 1)}</blockquote>"
        elif kind == "list":
            tag = rng.choice(["ul", "ol"])
            items = "".join(f"<li>{_blocks(rng, depth - 1)}</li>" for _ in range(rng.randint(1, 3)))
            out += f"<{tag} start={rng.randint(0, 12)}>{items}</{tag}>"
        elif kind == "h2":
            out += f"<h2>{_inline(rng, 1)}</h2>"
        elif kind == "pre":
            out += "<pre>" + _escape("".join(rng.choice([*WORDS, "\n", "```"]) for _ in range(5))) + "</pre>"
        elif kind == "hr":
            out += "<hr>"
        else:
            rows = (f"<tr><{c}>{_inline(rng, 1)}</{c}><{c}>{_inline(rng, 1)}</{c}></tr>" for c in ("th", "td"))
            out += f"<table>{''.join(rows)}</table>"
    return out


def _words(html: str) -> str:
    return re.sub(r"\s+", "", dump.to_text(html))


@pytest.mark.parametrize("seed", range(20))
def test_text_survives(seed: int) -> None:
    rng = random.Random(seed)
    parser = MarkdownIt("commonmark", {"maxNesting": 200}).enable(["table", "strikethrough"])
    for _ in range(20):
        html = _blocks(rng, 3)
        markdown = dump.to_markdown(html, "http://x.test/")
        assert _words(parser.render(markdown)) == _words(html), (html, markdown)


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li>a<p>b</p><ul><li>c<pre>d\n\n  e</pre></li></ul></li></ul>",
        "<blockquote><ol><li><p>a</p><blockquote>b<hr>c</blockquote></li></ol></blockquote>",
        "<p>a <b>b <i>c</i></b><i> d</i></p>",
        "<h1>a</h1><h2>b <code>c</code></h2>",
        "<ul><li><b>a</b></li></ul><ul><li>b</li></ul><ol start=3><li>c</li></ol>",
    ],
)
def test_structure_survives(html: str) -> None:
    parser = MarkdownIt("commonmark").enable("table")
    once = dump.to_markdown(html, "http://x.test/")
    assert dump.to_markdown(parser.render(once), "http://x.test/") == once


@pytest.mark.parametrize("seed", range(10))
def test_piled_up_formats_survive(seed: int) -> None:
    rng = random.Random(seed)
    parser = MarkdownIt("commonmark", {"maxNesting": 200}).enable("strikethrough")
    for _ in range(100):
        html = f"<p>{_inline(rng, 4)}</p>"
        markdown = dump.to_markdown(html, "http://x.test/")
        assert _words(parser.render(markdown)) == _words(html), (html, markdown)


def test_mark_beside_a_tag_becomes_a_tag() -> None:
    html = "<del><em>===|<b>- q2) z</b></em>snake_case</del>- q==="
    markdown = dump.to_markdown(html, "http://x.test/")
    assert markdown == "~~<em>===|<strong>- q2) z</strong></em>snake_case~~- q===\n"
