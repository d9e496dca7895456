"""V8 isolates: engine, snapshot, host functions, modules.

Thread: any.
"""
