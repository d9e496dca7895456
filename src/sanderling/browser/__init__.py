"""Browser, Context, Page, Frame: what a user drives and what a page lives in.

Thread: any.
"""
