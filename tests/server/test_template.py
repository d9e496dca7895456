from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers live in processes on Linux only")

PROGRAM = """
import ast, json, sys
from pathlib import Path
import sanderling
from sanderling.proto import url
from sanderling.server import template
from sanderling.server.worker_start import extension_maker

template.load_late()
extension_maker()
source = Path(sanderling.__file__).parent.parent


def names(node):
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            if (source / inner.replace(".", "/")).with_suffix(".py").exists():
                yield inner


late, missing = set(), set()
for name, module in sorted(sys.modules.items()):
    if name.startswith("sanderling."):
        for function in ast.walk(ast.parse(Path(module.__file__).read_text())):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for wanted in (found for node in ast.walk(function) for found in names(node)):
                    late.add(wanted)
                    if wanted not in sys.modules:
                        missing.add((name, function.name, wanted))
print(json.dumps([sorted(late), sorted(missing), url._suffix_list.cache_info().currsize]))
"""


def test_whatever_a_confined_child_imports_late_is_loaded_before() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    late, missing, lists = json.loads(done.stdout)
    assert {"protego", "publicsuffixlist", "sanderling.browser.dumps"} <= set(late)
    other = "backports" if sys.version_info >= (3, 14) else "compression"  # of zstd, for other versions of Python
    # The template has its snapshot.
    assert [one for one in missing if one[0] != "sanderling.js.snapshot" and one[2] != other] == []
    assert lists == 1


SHARED = """
import gc
from sanderling.server import template
from sanderling.server.worker_start import extension_maker

template.share_all()
before = gc.get_freeze_count()
extension_maker()
template.share_all()
print(before, gc.get_freeze_count(), len(gc.get_objects()))
"""


def test_collections_in_a_child_leave_alone_what_was_loaded_before() -> None:
    done = subprocess.run([sys.executable, "-c", SHARED], capture_output=True, text=True, check=True)
    before, frozen, watched = (int(word) for word in done.stdout.split())
    assert frozen > before + 1000
    assert watched < 1000


CONFINED = """
import sys
from sanderling.server import sandbox, template

template.load_late()
before = set(sys.modules)
facts = sandbox.enter_sandbox([], wanted=True)
assert facts.no_new_privileges
print(sorted(set(sys.modules) - before))
"""


def test_to_confine_a_child_loads_nothing_that_the_template_has_not() -> None:
    done = subprocess.run([sys.executable, "-c", CONFINED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
