"""The core of the parser's library by itself, and beside the rest of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

ALONE = """
import sys
from sanderling.base import html_core
assert "turbohtml" not in sys.modules and "turbohtml._internal._render" not in sys.modules
"""

CHECK = """
document = html_core.parse("<main><p class=x>" + "word " * 60 + "</p><script>1</script></main>", source_locations=True)
assert isinstance(document, html_core.Document)
script = document.find("script")
assert script.source_location.start_tag.start_line == 1
assert document.main_content() is not None and document.select_one(".x").text[:4] == "word"
assert html_core.decode(b"\\xe9", "latin1") == "\\xe9"
import turbohtml
assert turbohtml.Element is html_core.Element and turbohtml.parse is html_core.parse
assert turbohtml.parse("<p>b</p>").select("p") and turbohtml.Namespace is html_core.Namespace
try:
    document.select("p[")
except turbohtml.SelectorSyntaxError:
    pass
else:
    raise AssertionError("that is no selector")
"""

OTHER_VERSION = """
import os, sys
listed = os.listdir
os.listdir = lambda path: [name.replace("turbohtml-1.15.", "turbohtml-9.0.") for name in listed(path)]
from sanderling.base import html_core
os.listdir = listed
assert "turbohtml._internal._render" in sys.modules
"""

OTHER_PLACES = """
import sys
from importlib.machinery import PathFinder
find = PathFinder.find_spec
def find_all_but_one(name, *rest):
    if name == "turbohtml._internal._locations":
        PathFinder.find_spec = find
        return None
    return find(name, *rest)
PathFinder.find_spec = find_all_but_one
from sanderling.base import html_core
assert PathFinder.find_spec is find and "turbohtml._internal._render" in sys.modules
"""

ALREADY_THERE = """
import turbohtml
from sanderling.base import html_core
"""


@pytest.mark.parametrize(
    "begin",
    [ALONE, OTHER_VERSION, OTHER_PLACES, ALREADY_THERE],
    ids=["alone", "other version", "other places", "there before"],
)
def test_the_core_does_what_it_does_in_its_package(begin: str) -> None:
    done = subprocess.run([sys.executable, "-c", begin + CHECK], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
