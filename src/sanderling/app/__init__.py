"""The composition root: the only place that wires the layers. `runtime` has Network and the workers; `fetching` and `serving` are the two commands.

Thread: any.
"""
