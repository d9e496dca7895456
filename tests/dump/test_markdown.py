"""Cases of HTML and the Markdown they become, by subject."""

from __future__ import annotations

import time

import pytest

from sanderling import dump

BASE = "https://x.test/d/page.html"


def markdown(html: str) -> str:
    return dump.to_markdown(html, BASE).removesuffix("\n")


LISTS = {
    "tight": ("<ul><li>a<li>b</ul>", "- a\n- b"),
    "nested": ("<ul><li>a<ul><li>b<ol><li>c</ol></ul><li>d</ul>", "- a\n  - b\n    1. c\n- d"),
    "loose": ("<ul><li><p>a</p><li><p>b</p></ul>", "- a\n\n- b"),
    "paragraphs": ("<ol><li><p>a</p><p>b</p><li>c</ol>", "1. a\n\n   b\n\n2. c"),
    "start": ("<ol start=9><li>a<li>b</ol>", "9. a\n10. b"),
    "value": ("<ol><li>a<li value=7>b<li>c</ol>", "1. a\n7. b\n8. c"),
    "reversed": ("<ol reversed><li>a<li>b</ol>", "2. a\n1. b"),
    "indent follows the marker": ("<ol start=10><li>a<ul><li>b</ul></ol>", "10. a\n    - b"),
    "number that cannot interrupt": ("<ul><li>a<ol start=3><li>b</ol></ul>", "- a\n\n  3. b"),
    "tasks": (
        "<ul><li><input type=checkbox checked> a<li><label><input type=checkbox>b</label></ul>",
        "- [x] a\n- [ ] b",
    ),
    "list right inside a list": ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
    "items without a list": ("<li>a<li>b", "- a\n- b"),
    "two lists in a row": ("<ul><li>a</ul><ul><li>b</ul><ul><li>c</ul>", "- a\n\n* b\n\n- c"),
    "two numbered lists": ("<ol><li>a</ol><ol><li>b</ol>", "1. a\n\n1) b"),
    "empty items": ("<ul><li><li>a<li> </ul>", "- a"),
    "code in an item": ("<ul><li>a<pre>x\n\ny</pre></ul>", "- a\n  ```\n  x\n\n  y\n  ```"),
    "quote in an item": ("<ul><li><blockquote>q</blockquote></ul>", "- > q"),
    "rule in an item": ("<ul><li><hr></ul>", "- ___"),
    "text that looks like a task": ("<ul><li>[x] a</ul>", "- \\[x] a"),
    "definitions": ("<dl><dt>T<dd>D<dd>E<dt>U<dd><p>F</dl>", "**T**\n\n- D\n- E\n\n**U**\n\n- F"),
}

BLOCKS = {
    "quote": ("<blockquote><p>a<p>b</blockquote>", "> a\n>\n> b"),
    "quote with breaks": ("<blockquote>a<br>b</blockquote>", "> a  \n> b"),
    "quote of a list": ("<blockquote><ul><li>a<li>b</ul></blockquote>", "> - a\n> - b"),
    "nested quote": ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
    "heading on one line": ("<h2>a\n <br>b<div>c</div></h2>", "## a b c"),
    "heading's hashes": ("<h1>C #</h1><h1>F#</h1>", "# C \\#\n\n# F#"),
    "heading in a link": ("<a href=/z><h3>T</h3>p</a>", "### [T](https://x.test/z)\n\n[p](https://x.test/z)"),
    "empty blocks": ("<h1> </h1><p></p><ul></ul><blockquote><p> </blockquote><pre></pre><table></table>", ""),
    "rule": ("a<hr>b", "a\n\n---\n\nb"),
    "divs": ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"),
    "styled block": ('a<span style="display: block">b</span>c', "a\n\nb\n\nc"),
    "figure": ("<figure><img src=i.png alt=A><figcaption>C</figcaption></figure>", "![A](https://x.test/d/i.png)\n\nC"),
    "details": ("<details><summary>S</summary>x</details>", "**S**\n\nx"),
    "pre": ("<pre>\n  a\tb\n\n c</pre>", "```\n  a\tb\n\n c\n```"),
    "pre's language": ('<pre><code class="hljs language-c++">x</code></pre>', "```c++\nx\n```"),
    "wrapper's language": ('<div class="highlight highlight-source-js"><pre>x</pre></div>', "```js\nx\n```"),
    "longer fence": ("<pre>````\n```</pre>", "`````\n````\n```\n`````"),
    "lines of code": ("<pre><code><div>a</div><div>b</div></code>c<br>d</pre>", "```\na\nb\nc\nd\n```"),
    "code with line numbers": (
        '<table><tr><td class="gutter"><pre>1\n2</pre><td><pre>a\nb</pre></table>',
        "```\na\nb\n```",
    ),
}

TABLES = {
    "header": ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    "no header": ("<table><tr><td>1<td>2</table>", "|  |  |\n| --- | --- |\n| 1 | 2 |"),
    "thead of td": ("<table><thead><tr><td>a<td>b<tbody><tr><td>1<td>2</table>", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    "row headers": ("<table><tr><th>a<td>1<tr><th>b<td>2</table>", "|  |  |\n| --- | --- |\n| a | 1 |\n| b | 2 |"),
    "alignment": (
        "<table><tr><th align=left>a<th align=center>b<th style='text-align: right'>c<tr><td>1<td>2<td>3</table>",
        "| a | b | c |\n| :--- | :---: | ---: |\n| 1 | 2 | 3 |",
    ),
    "colspan": (
        "<table><tr><th colspan=2>a<th>b<tr><td>1<td>2<td>3</table>",
        "| a |  | b |\n| --- | --- | --- |\n| 1 | 2 | 3 |",
    ),
    "rowspan": (
        "<table><tr><th>a<th>b<tr><td rowspan=2>1<td>2<tr><td>3</table>",
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n|  | 3 |",
    ),
    "pipes": ("<table><tr><th>a|b<th><code>c|d</code></table>", "| a\\|b | `c\\|d` |\n| --- | --- |"),
    "blocks": (
        "<table><tr><th>a<tr><td><p>p<p>q<ul><li>l<li>m</ul><pre>c\nd</pre>",
        "| a |\n| --- |\n| p<br>q<br>- l<br>- m<br>`c`<br>`d` |",
    ),
    "breaks": ("<table><tr><th>a<br>b<th>c<br></table>", "| a<br>b | c |\n| --- | --- |"),
    "caption": ("<table><caption>C</caption><tr><th>a<th>b</table>", "C\n\n| a | b |\n| --- | --- |"),
    "layout": ("<table role=presentation><tr><td>a<td>b<tr><td>c</table>", "a b\n\nc"),
    "layout by nesting": (
        "<table><tr><td><table><tr><th>a<th>b</table></table>",
        "| a | b |\n| --- | --- |",
    ),
}

INLINE = {
    "emphasis": ("<b>a</b> <i>b</i> <b><i>c</i></b> <s>d</s>", "**a** *b* ***c*** ~~d~~"),
    "the same twice": ("<b>a <strong>b</strong></b>", "**a b**"),
    "nested": ("<em>a <b>b</b> c</em>", "*a **b** c*"),
    "spaces inside": ("x<b> a </b>y", "x **a** y"),
    "empty": ("x<b> </b>y<em></em>z<code></code>", "x yz"),
    "inside a word": ("un<b>frigging</b>believable", "un**frigging**believable"),
    "no flank": ("<b>a:</b>b", "<strong>a:</strong>b"),
    "neighbours": ("<em>a</em><strong>b</strong>", "*a*<strong>b</strong>"),
    "block inside": ("<b>a<p>b</p>c</b>", "**a**\n\n**b**\n\n**c**"),
    "sub and sup": ("H<sub>2</sub>O x<sup>2</sup>", "H<sub>2</sub>O x<sup>2</sup>"),
    "code": ("<code>a</code> <kbd>b</kbd> <b>c</b> <b>d</b> <samp>*c*</samp>", "`a` `b` **c** **d** `*c*`"),
    "code with backticks": ("<code>a`b``c</code> <code>`</code>", "```a`b``c``` `` ` ``"),
    "colours in code": ("<code>a<b>b</b><span>c</span></code>", "`abc`"),
    "link in code": ("<code>a<a href=/b>b</a></code>", "`a`[`b`](https://x.test/b)"),
    "break": ("a<br>b", "a  \nb"),
    "breaks at the ends": ("<p><br>a<br></p>", "a"),
    "two breaks": ("a<br> <br>b", "a\n\nb"),
    "break in emphasis": ("<b>a<br></b>b", "**a**  \nb"),
    "whitespace": ("<p> a \n\t b <span> c</span> </p>", "a b c"),
    "no-break space": ("a&nbsp;&nbsp;b", "a\xa0\xa0b"),
    "no-break space at the ends": ("<p>&nbsp;a&nbsp;</p><p>&nbsp;</p>", "a"),
    "ruby": ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"),
    "quotation": ("<q>a</q> <abbr title=t>b</abbr> <mark>c</mark> <u>d</u>", "“a” b c d"),
    "mathematics": (
        "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x_1</annotation></semantics></math>",
        "$x_1$",
    ),
}

LINKS = {
    "absolute": ("<a href=q>Q</a>", "[Q](https://x.test/d/q)"),
    "title": ("<a href=/q title='a \"b\"'>Q</a>", '[Q](https://x.test/q "a \\"b\\"")'),
    "base": ("<base href=/b/><a href=q>Q</a>", "[Q](https://x.test/b/q)"),
    "script": ("<a href='java\nscript:x()'>Q</a>", "Q"),
    "fragment": ("<a href='#s'>Q</a>", "[Q](https://x.test/d/page.html#s)"),
    "brackets": ("<a href=/q>[a]</a>", "[\\[a\\]](https://x.test/q)"),
    "parentheses": ("<a href='/q_(x)'>a</a> <a href='/q)'>b</a>", "[a](https://x.test/q_(x)) [b](<https://x.test/q)>)"),
    "its own text": ("<a href=https://e.test/>https://e.test/</a>", "<https://e.test/>"),
    "mail": ("<a href=mailto:a@b.test>a@b.test</a>", "<a@b.test>"),
    "empty": ("x<a href=/q></a>", "x"),
    "named by label": ("<a href=/q aria-label=Home><svg></svg></a>", "[Home](https://x.test/q)"),
    "not an image": ("wow!<a href=/q>a</a>", "wow\\![a](https://x.test/q)"),
    "image": ("<img src=i.png alt='a [b]' title=t>", '![a \\[b\\]](https://x.test/d/i.png "t")'),
    "image in a link": ("<a href=/q><img src=i.png alt=a></a>", "[![a](https://x.test/d/i.png)](https://x.test/q)"),
    "srcset": ("<img alt=a srcset='s.png 1x, l.png 2x'>", "![a](https://x.test/d/l.png)"),
    "picture": ("<picture><source srcset=w.webp><img alt=a></picture>", "![a](https://x.test/d/w.webp)"),
    "lazy": ("<img alt=a src='data:image/gif;base64,x' data-src=r.png>", "![a](https://x.test/d/r.png)"),
    "large data": (f"<img alt=a src='data:image/png;base64,{'A' * 2000}'>", "a"),
    "frame": ("<iframe src=f title=F></iframe>", "[F](https://x.test/d/f)"),
    "video": ("<video aria-label=V><source src=v.mp4></video>", "[V](https://x.test/d/v.mp4)"),
}

FORMS = {
    "inputs": (
        "<input value=a><input placeholder=b><input type=hidden value=c><input type=password value=d>",
        "a b ••••••••",
    ),
    "choice": ("<select><option>a<option selected>b</select> <select><option>c<option>d</select>", "b c"),
    "several": ("<select multiple><option selected>a<option>b<option selected>c</select>", "a, c"),
    "text area": ("<textarea>\na\nb</textarea>", "a  \nb"),
    "buttons": ("<button>a</button><button>b</button><input type=submit><input type=submit value=c>", "a b Submit c"),
    "boxes": ("<input type=checkbox checked>a <input type=radio>b", "[x] a ( ) b"),
    "gauge": ("<progress value=3 max=4></progress><progress></progress>", "75%"),
    "legend": ("<fieldset><legend>L</legend>x</fieldset>", "**L**\n\nx"),
}

ESCAPES = {
    "number": ("2. a", "2\\. a"),
    "not a number": ("2.a 3. b", "2.a 3. b"),
    "parenthesis": ("1) a", "1\\) a"),
    "tag": ("&lt;tag> 1 &lt; 2", "\\<tag> 1 < 2"),
    "stars": ("*a* 2 * 3", "\\*a\\* 2 * 3"),
    "one star": ("a*", "a*"),
    "underscores": ("_a_ snake_case_name", "\\_a\\_ snake_case_name"),
    "hash": ("# a #b", "\\# a #b"),
    "plus and minus": ("<p>+ a<p>- b<p>-c", "\\+ a\n\n\\- b\n\n-c"),
    "brackets": ("[a](b)", "\\[a\\](b)"),
    "harmless brackets": ("a[0] [b]", "a[0] [b]"),
    "definition": ("[a]: b", "\\[a\\]: b"),
    "backticks": ("`a` it`s", "\\`a\\` it\\`s"),
    "one backtick": ("a`", "a`"),
    "entity": ("&amp;amp; a & b", "\\&amp; a & b"),
    "backslash": ("\\* C:\\dir", "\\\\* C:\\dir"),
    "quote": ("> a", "\\> a"),
    "rule": ("<p>---<p>***", "\\---\n\n\\*\\*\\*"),
    "underline": ("a<br>===<br>--", "a  \n\\===  \n\\--"),
    "strike": ("~~a~~ ~5", "\\~\\~a\\~\\~ ~5"),
    "delimiter row": ("a | b<br>--|--", "a | b  \n\\--|--"),
}

HIDDEN = {
    "attribute": ("a<p hidden>b</p>", "a"),
    "style": ("a<p style='color:red; DISPLAY : none'>b</p>", "a"),
    "elements": (
        "<title>t</title>a<script>b</script><style>c</style><template>d</template><noscript>e</noscript>",
        "a",
    ),
    "dialog": ("a<dialog>b</dialog><dialog open>c</dialog>", "a\n\nc"),
    "aria-hidden shows": ("<p aria-hidden=true>a</p>", "a"),
    "comment": ("a<!-- b -->c", "ac"),
    "shadow root": (
        "<div><template shadowrootmode=open><b>s</b><i><slot></slot></i></template>light</div>",
        "**s**<em>light</em>",
    ),
}

SUBJECTS: dict[str, dict[str, tuple[str, str]]] = {
    "list": LISTS, "block": BLOCKS, "table": TABLES, "inline": INLINE, "link": LINKS, "form": FORMS, "escape": ESCAPES,
    "hidden": HIDDEN,
}  # fmt: skip
CASES = [
    pytest.param(html, expected, id=f"{subject}-{name}")
    for subject, cases in SUBJECTS.items()
    for name, (html, expected) in cases.items()
]


@pytest.mark.parametrize(("html", "expected"), CASES)
def test_markdown(html: str, expected: str) -> None:
    assert markdown(html) == expected


def test_span_takes_no_more_columns_than_are_allowed() -> None:
    html = "<table><tr><th colspan=99999>a<th>b<tr><td>1<td>2</table>"
    assert max(line.count("|") for line in markdown(html).splitlines()) <= 257


@pytest.mark.parametrize(
    "tag", ["div", "ul><li", "blockquote", "b", "table><tr><td", "span", "dl><dd", "a href=x", "sub"]
)
def test_deep_nesting_ends(tag: str) -> None:
    result = dump.to_markdown(f"<{tag}>" * 100_000 + "bottom", BASE)
    assert "bottom" in result
    assert len(result) < 2_000


@pytest.mark.slow
def test_large_page_is_converted_whole() -> None:
    unit = (
        "<div><p>Hello <a href=/x>world</a>, and a line of text that is as long as lines are in articles.</p></div>\n"
    )
    html = unit * (5_000_000 // len(unit))
    result = dump.to_markdown(html, BASE)
    assert result.count("[world](https://x.test/x)") == html.count("world")


def test_result_ends_with_one_newline() -> None:
    assert dump.to_markdown("<p>a</p>\n\n", BASE) == "a\n"
    assert dump.to_markdown("", BASE) == ""


def test_half_of_a_surrogate_pair_becomes_a_character() -> None:
    assert dump.to_markdown("<p>a\ud800b \ud83d\ude00</p>", BASE) == "a\ufffdb \U0001f600\n"


def test_page_without_a_url_keeps_relative_links() -> None:
    assert dump.to_markdown("<a href=x>y</a>", "about:blank") == "[y](x)\n"


@pytest.mark.parametrize(
    "unit",
    [
        "<p>x&nbsp;&nbsp;",
        "&nbsp;",
        "[a](b) `x` *y* _z_ ",
        "<a href=x>y",
        "a<br>",
        "<input type=checkbox>",
        "<td>a",
        "-",
        "- ",
        "&amp;lt;",
        "<img srcset='a,a,a'>",
        "<b><i><s><sub>x</sub></s></i></b>",
    ],
)
def test_work_grows_with_the_page_only(unit: str) -> None:
    begin = time.process_time()
    dump.to_markdown("<p>" + unit * 20_000, BASE)
    assert time.process_time() - begin < 5
