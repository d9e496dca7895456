from __future__ import annotations

from sanderling import dump
from sanderling.dump.resources import best_candidate

BASE = "https://x.test/d/page.html"


def test_links_are_absolute_and_in_order() -> None:
    html = (
        "<a href=b rel='nofollow x' title=T target=_blank> B <b>c</b></a><a href=javascript:x>no</a><a name=n>no</a>"
        "<p hidden><a href=/h>hidden</a></p><a href=/i download><img alt=I></a><a href=/l aria-label=L></a>"
        "<map><area href=/m alt=M></map>"
    )
    assert dump.to_links(html, BASE) == [
        dump.Link("https://x.test/d/b", "B c", "T", "nofollow x", "_blank"),
        dump.Link("https://x.test/i", "I", download=True),
        dump.Link("https://x.test/l", "L"),
        dump.Link("https://x.test/m", "M"),
    ]


def test_base_element_counts() -> None:
    assert dump.to_links("<base href=//y.test/><base href=/no><a href=z>Z</a>", BASE)[0].url == "https://y.test/z"


def test_what_is_no_url_stays() -> None:
    assert dump.to_links("<a href='http://[bad/'>Z</a>", BASE)[0].url == "http://[bad/"


def test_best_candidate_of_a_srcset() -> None:
    assert best_candidate("a.png 100w, b,c.png 900w, d.png 300w") == "b,c.png"
    assert best_candidate("a.png, b.png 2x") == "b.png"
    assert best_candidate("") == ""
