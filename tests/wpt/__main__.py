"""`python -m tests.wpt`: runs web platform tests and compares with what is expected (`make wpt`, `make wpt-update`).

Thread: main.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from pathlib import Path

from tests.wpt.expectations import differences, load, missing, save, updated
from tests.wpt.folders import HERE, Folder, folder_of, folders
from tests.wpt.page import write_page
from tests.wpt.reasons import explain
from tests.wpt.results import TestResult, read_results
from tests.wpt.suite import NotHereError, find_suite, run

SHOWN = 200
"""Lines of differences that are printed for a folder."""


def main() -> int:
    """Run what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.wpt", description=__doc__)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="Folders of the table. Default: all.")
    parser.add_argument("--update", action="store_true", help="Rewrite the expectations; reasons are kept.")
    parser.add_argument("--slice", action="store_true", help="Run what slice.txt lists; where it cannot run, say so.")
    parser.add_argument("--results", type=Path, help="Run nothing; take the runner's file of one folder.")
    options = parser.parse_args()
    unknown = [name for name in options.folders if name not in folders()]
    if unknown:
        parser.error(f"not in tests/wpt/folders.toml: {', '.join(unknown)}")
    concurrency = int(os.environ.get("WPT_CONCURRENCY") or 2)
    try:
        if options.slice:
            return run_slice(concurrency)
        wanted = [folders()[name] for name in options.folders] or list(folders().values())
        failed = [folder.name for folder in wanted if not run_folder(folder, options, concurrency)]
    except NotHereError as error:
        print(f"not run: {error}", file=sys.stderr)
        return 0 if options.slice else 2
    if options.update:
        write_page()
    if failed:
        print(f"not as expected: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run_folder(folder: Folder, options: argparse.Namespace, concurrency: int) -> bool:
    """Run a folder whole. Tells whether it did what is expected (or was told to write down what it did)."""
    file = options.results or run(find_suite(), [folder.name], [], name=folder.name, concurrency=concurrency)
    results = {test: one for test, one in read_results(file).items() if folder_of(test) == folder}
    expectations = load(folder.expectations)
    if options.update:
        save(updated(expectations, results, explain), folder.expectations)
        return True
    return _report(folder, differences(expectations, results) + missing(expectations, results))


def run_slice(concurrency: int) -> int:
    """Run the tests of `slice.txt`, which may be parts of folders."""
    lines = [line.strip() for line in (HERE / "slice.txt").read_text("utf-8").splitlines()]
    include = [line for line in lines if line and line[0] not in "#!"]
    exclude = [line[1:].strip() for line in lines if line.startswith("!")]
    file = run(find_suite(), include, exclude, name="slice", concurrency=concurrency, verbose=False)
    parts: dict[Folder, dict[str, TestResult]] = defaultdict(dict)
    for test, result in read_results(file).items():
        folder = folder_of(test)
        assert folder is not None, f"{test} is in no folder of folders.toml"
        parts[folder][test] = result
    if not parts:
        print("no tests were found", file=sys.stderr)
        return 1
    good = [_report(one, differences(load(one.expectations), results)) for one, results in parts.items()]
    return 0 if all(good) else 1


def _report(folder: Folder, lines: list[str]) -> bool:
    if lines:
        print(f"{folder.name}: {len(lines)} differences from {folder.expectations.relative_to(HERE.parents[1])}")
        print("\n".join(f"  {line[:400]}" for line in lines[:SHOWN]))
    else:
        print(f"{folder.name}: as expected")
    return not lines


if __name__ == "__main__":
    sys.exit(main())
