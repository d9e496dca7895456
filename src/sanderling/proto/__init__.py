"""Pure policy of the web's protocols: no I/O, no thread, no clock.

Thread: any.
"""
