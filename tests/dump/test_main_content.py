from __future__ import annotations

from sanderling import dump

BASE = "https://x.test/"
LONG = "A sentence of the article, with commas, and enough words to be one. " * 6
SHELL = "<header><nav><a href=/>Home</a></nav><h1>Title</h1></header>{}<footer>Imprint</footer>"


def test_marked_article_is_found_with_its_heading() -> None:
    html = SHELL.format(f"<main><article><p>{LONG}</p><aside>Related</aside></article></main>")
    assert dump.to_markdown(html, BASE, main_content=True) == f"# Title\n\n{LONG.strip()}\n"


def test_unmarked_article_is_found() -> None:
    html = SHELL.format(f"<div><div><p>{LONG}</p><p>{LONG}</p></div><div><a href=/a>a</a> <a href=/b>b</a></div></div>")
    text = dump.to_text(html, main_content=True)
    assert LONG.strip() in text
    assert "Imprint" not in text
    assert "Home" not in text


def test_page_without_article_is_given_whole() -> None:
    assert dump.to_text("<p>short</p>", main_content=True) == "short\n"
    assert dump.to_text("", main_content=True) == ""


def test_heading_inside_is_not_repeated() -> None:
    html = SHELL.format(f"<main><h1>Own</h1><p>{LONG}</p></main>")
    assert dump.to_markdown(html, BASE, main_content=True).startswith("# Own\n")
    assert "Title" not in dump.to_markdown(html, BASE, main_content=True)
