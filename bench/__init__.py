"""Benchmarks. `python -m bench` runs every table, `python -m bench dom` one; peers run beside Sanderling where they are installed."""
