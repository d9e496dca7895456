"""The Chrome DevTools Protocol, translated.

Thread: any.
"""
