"""One file a domain: each has `DOMAIN`, a `dispatch.Domain`, and translates; what it means is decided in `browser/` and `web/`.

Thread: worker.
"""
