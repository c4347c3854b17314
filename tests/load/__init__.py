"""The bench: what one machine does with everything on it. `python -m tests.load --help` tells the options.

Its clients share the processors with what they measure, so they are as lean as can be: one process drives, another watches.
"""
