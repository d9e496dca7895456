"""What every layer may use: errors, identifiers, clocks, logging, configuration. Imports nothing of ours.

Thread: any.
"""
