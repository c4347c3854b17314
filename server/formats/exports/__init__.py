"""A board for other programs and for reading: CSV, XLSX, iCalendar, Markdown. What these cannot hold stays behind; `lockstep` keeps all.

Each writer takes the board's head first, then its cards page by page from top to bottom, and writes as it goes.
"""
