"""Runs the tables that are named, or all of them."""

from __future__ import annotations

import sys

from bench import crawl, dom, evaluate, fetch, layout, loading, many, memory, network, serve, shop, transfers, workers

TABLES = {
    "dom": dom.main,
    "layout": layout.main,
    "loading": loading.main,
    "fetch": fetch.main,
    "memory": memory.main,
    "transfers": transfers.main,
    "evaluate": evaluate.main,
    "workers": workers.main,
    "network": network.main,
    "serve": serve.main,
    "shop": shop.main,
    "crawl": crawl.main,
    "many": many.main,
}


def main() -> int:
    """Run the command."""
    names = sys.argv[1:] or list(TABLES)
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        print(f"no such table: {', '.join(unknown)}; there are {', '.join(TABLES)}", file=sys.stderr)
        return 2
    for name in names:
        TABLES[name]()
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
