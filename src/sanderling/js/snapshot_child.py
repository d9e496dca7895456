"""The child processes that build the startup snapshot: one makes the plan of the interfaces, the other the blob.

They are two: what an isolate has left in a process is sometimes in the snapshot that is written there later (0.4 MB of strings were measured).

Thread: main, of a process of its own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from sanderling.js.engine import build_snapshot, evaluate_once
from sanderling.js.web_sources import NO_PLAN, PLANNER, SCRIPT, Plan, sources


def make_plan(web: Path, target: Path) -> None:
    """Make the plan of the interfaces, as JSON."""
    made = sources(web)
    text = evaluate_once([(PLANNER, made.planner)], "sanderlingPlan")
    target.with_suffix(".plan").write_text(text)


def make_blob(web: Path, target: Path) -> None:
    """Build the blob, and beside it the texts that are not in it, as JSON."""
    made = sources(web)
    plan = NO_PLAN
    if made.planner:
        plan = msgspec.json.decode(target.with_suffix(".plan").read_bytes(), type=Plan)
    script, texts = made.planned(plan)
    known = json.dumps({"calls": plan.calls.get("", ""), "exposed": plan.exposed})
    target.write_bytes(build_snapshot([(PLANNER, f"globalThis.sanderlingPlan = {known};"), (SCRIPT, script)]))
    target.with_suffix(".texts").write_bytes(msgspec.json.encode(texts))


STEPS: dict[str, Callable[[Path, Path], None]] = {"plan": make_plan, "blob": make_blob}


def main(step: str, web: str, target: str) -> None:
    """Take one step for the folder `web` and the file `target`; exit with 1 and a message on failure."""
    try:
        STEPS[step](Path(web), Path(target))
    except Exception as error:
        places = [f"    at {frame['file_name']}:{frame['line_number']}" for frame in getattr(error, "frames", ())]
        sys.stderr.write("\n".join([str(error), *places]) + "\n")
        sys.exit(1)
