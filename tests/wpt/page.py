"""Writes `docs/reference/web-platform.md` from the expectations: what passes, folder by folder, beside the peers.

`python -m tests.wpt.page` writes it; so does every `make wpt-update`.

Thread: main.
"""

from __future__ import annotations

from tests.wpt.expectations import Expectations, load
from tests.wpt.folders import HERE, Folder, folders

PAGE = HERE.parents[1] / "docs" / "reference" / "web-platform.md"
REASONS_SHOWN = 4

_HEAD = """\
# The web platform, by public tests

<!-- Written by `python -m tests.wpt.page` from tests/wpt/expectations; do not edit. -->

`make wpt` runs the [web platform tests](https://web-platform-tests.org/) in `sanderling serve` and compares with `tests/wpt/expectations`, where every
known failure stands with its reason: what fails or passes unexpectedly fails the run. `DIRS=url` runs one folder, `make wpt-update` writes down
what a run came to. The suite is found by `SUITES` (a folder with `wpt.tar.xz`) or `WPT` (an unpacked tree), the program that drives it by `WPT_RUNNER`.

Figures are subtests passed, of those that were reported. The peers' are from a sample of up to 40 test files a folder, measured on one machine, and count
what a browser never reports as failed: compare them where the difference is large. The suite is from November 2024; where the standards have
changed since, the reason says so.

"""


def page() -> str:
    """Give the text."""
    known = [(folder, load(folder.expectations)) for folder in folders().values() if folder.expectations.exists()]
    rows = [
        "| Folder | Tests | Subtests | Sanderling | Lightpanda | Chromium |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    rows += [_row(folder, one) for folder, one in known]
    subtests = sum(one.figures.subtests for _, one in known)
    passed = sum(one.figures.passed for _, one in known)
    tests = sum(one.figures.tests for _, one in known)
    rows.append(f"| **all of these** | {tests:,} | {subtests:,} | **{_percent(passed, subtests)}** | | |")
    if known:
        mean = sum(one.figures.passed / one.figures.subtests for _, one in known) / len(known)
        others = [sum(getattr(folder, peer) for folder, _ in known) / len(known) for peer in ("lightpanda", "chromium")]
        rows.append(
            f"| mean, each folder counting the same | | | **{100 * mean:.1f} %** | {others[0]:.1f} % | {others[1]:.1f} % |"
        )
    missing = [folder.name for folder in folders().values() if not folder.expectations.exists()]
    parts = [_HEAD, "\n".join(rows), "\n"]
    if missing:
        parts.append(f"\nNot measured yet: {', '.join(missing)}.\n")
    parts.append("\n## Why not all\n\nThe reasons that most test files of a folder fail for, wholly or in part.\n\n")
    parts += [f"- `{folder.name}`: {_reasons(one)}.\n" for folder, one in known if one.groups]
    return "".join(parts)


def _row(folder: Folder, one: Expectations) -> str:
    figures = one.figures
    ours = _percent(figures.passed, figures.subtests)
    peers = f"{folder.lightpanda} % | {folder.chromium} %"
    return f"| {folder.name} | {figures.tests:,} | {figures.subtests:,} | {ours} | {peers} |"


def _percent(part: int, whole: int) -> str:
    # Rounded down: 100.0 means all.
    return f"{int(1000 * part / whole) / 10 if whole else 0.0} %"


def _reasons(one: Expectations) -> str:
    by_tests = sorted(one.groups.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = [f"{reason} ({len(tests)})" for reason, tests in by_tests[:REASONS_SHOWN]]
    rest = len(by_tests) - len(shown)
    return "; ".join(shown) + (f"; {rest} more" if rest else "")


def write_page() -> None:
    """Write the file."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    write_page()
