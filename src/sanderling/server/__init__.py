"""The CDP server: listener, endpoints, hub, worker processes.

Thread: any.
"""
