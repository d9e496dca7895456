"""The event pool: one loop, one libcurl multi, and the Handle between it and each worker.

Thread: any.
"""
