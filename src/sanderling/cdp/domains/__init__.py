"""One module for each domain of the Chrome DevTools Protocol.

Thread: any.
"""
