"""The goods of the demo site, and the large static page that lists them: the same at every run.

Thread: any.
"""

from __future__ import annotations

import functools

CATALOGUE_BYTES = 150_000
"""About so long is the page; the generator stops at the first entry beyond."""

PRODUCTS: list[dict[str, object]] = [
    {"id": 1, "name": "Neoprene waders", "price": 129.0, "stock": 4, "text": "Chest-high, taped seams, felt soles."},
    {"id": 2, "name": "Spotting scope", "price": 349.5, "stock": 2, "text": "65 mm, angled, waterproof."},
    {"id": 3, "name": "Tide table 2026", "price": 7.9, "stock": 120, "text": "All ports between Texel and Skagen."},
    {"id": 4, "name": "Folding stool", "price": 24.0, "stock": 17, "text": "Three legs, so it never wobbles."},
    {"id": 5, "name": "Rain hat <brim>", "price": 31.25, "stock": 0, "text": "Keeps “most” of the rain & spray off."},
    {"id": 6, "name": "Field notebook", "price": 9.5, "stock": 64, "text": "Stone paper: writes in the wet."},
]

REVIEWS: dict[int, list[dict[str, object]]] = {
    1: [
        {"stars": 5, "by": "Ilse", "text": "Dry feet after six hours on the flats."},
        {"stars": 3, "by": "Tom", "text": "Good, but one size too large."},
    ],
    2: [{"stars": 4, "by": "Marit", "text": "Counted 2 000 dunlins with it."}],
    3: [{"stars": 5, "by": "Jan", "text": "High water when it says so."}],
}

_BIRDS = ("Sanderling", "Dunlin", "Red knot", "Curlew sandpiper", "Little stint", "Grey plover", "Ruff", "Whimbrel")
_THINGS = ("leg ring", "wing tag", "decoy", "mist net", "weighing bag", "calliper", "hide cover", "bait tin")
_PLACES = ("the Wadden Sea", "the Wash", "Morecambe Bay", "the Gulf of Cádiz", "the Bay of Mont-Saint-Michel")
_STUFF = ("aluminium", "canvas", "oiled cotton", "birch", "recycled nylon", "brass", "cork")

_HEAD = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Catalogue – Wader &amp; Sons</title></head>
<body>
<header><nav><a href="/">Home</a> <a href="/shop">Shop</a></nav></header>
<main>
<h1>Catalogue</h1>
<p>Everything for the watcher of waders, by number.</p>
"""
_TAIL = "</main>\n<footer><p>Wader &amp; Sons, at the dyke</p></footer>\n</body>\n</html>\n"


def _entry(number: int) -> str:
    bird, thing = _BIRDS[number % len(_BIRDS)], _THINGS[number // len(_BIRDS) % len(_THINGS)]
    stuff, place = _STUFF[number % len(_STUFF)], _PLACES[number % len(_PLACES)]
    cents = (number * 7919) % 20_000 + 95
    return (
        f'<section id="n{number}">\n<h2>No. {number}: {bird} {thing}</h2>\n'
        f"<p>A {thing} of <em>{stuff}</em>, made for the {bird.lower()} as it is met at {place}. "
        f'See <a href="/product/{number % 6 + 1}" title="Product {number % 6 + 1}">what goes with it</a>.</p>\n'
        f"<ul><li>Weight: <b>{number * 37 % 900 + 15} g</b></li><li>Order code: <code>W-{number:04d}</code></li></ul>\n"
        f"<table><tr><th>Pieces</th><th>Price</th></tr><tr><td>1</td><td>{cents / 100:.2f} €</td></tr>"
        f"<tr><td>10</td><td>{cents * 9 / 100:.2f} €</td></tr></table>\n</section>\n"
    )


@functools.cache
def catalogue_page() -> bytes:
    """Write the page."""
    parts = [_HEAD]
    size = len(_HEAD) + len(_TAIL)
    number = 0
    while size < CATALOGUE_BYTES:
        number += 1
        parts.append(_entry(number))
        size += len(parts[-1].encode())
    return "".join([*parts, _TAIL]).encode()
