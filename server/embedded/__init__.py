"""Lockstep from one command: PostgreSQL and Valkey from wheels, and the processes that serve, kept alive.

Nothing outside the command line imports this package; web, worker and clock only ever see the addresses it hands them.
"""
