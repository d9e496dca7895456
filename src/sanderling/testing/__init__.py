"""Fakes, local servers and the demo site: for our tests and for those of our users.

Thread: any.
"""
