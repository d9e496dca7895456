from __future__ import annotations

import pytest

from sanderling import dump


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<p>b", "a\n\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("<table><tr><td>a<td>b<tr><td><td>d</table>", "a\tb\n\td"),
        ("<table><tr><td><p>a<p>b<td>c</table>", "a\nb\tc"),
        ("<table><tr><td>a<td><tr><td>b<tr><tr><td>c</table>", "a\t\nb\nc"),
        ("x<pre> a\n\n  b</pre>y", "x\n\n a\n\n  b\n\ny"),
        ("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
        (" a \n <b> b</b> c ", "a b c"),
        ("a&nbsp; b", "a\xa0 b"),
        ("<p hidden>a</p><script>b</script>c", "c"),
        ("<input value=a><select><option>b</select><button>c</button>d", "a b c d"),
        ("a<img alt=i><svg><text>t</text></svg>", "a"),
        ("", ""),
    ],
)
def test_text(html: str, expected: str) -> None:
    assert dump.to_text(html) == (expected + "\n" if expected else "")


def test_deep_nesting_ends() -> None:
    assert dump.to_text("<div>" * 100_000 + "x") == "x\n"
