"""Pure translation between foreign files and the board's records.

No database, no clock, no network: bytes and a moment in, records out.
"""
