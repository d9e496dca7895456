"""The Python API, asynchronous and synchronous.

Thread: any.
"""
