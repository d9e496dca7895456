"""The command line, one file per command.

Thread: any.
"""
