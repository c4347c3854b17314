"""Tables as boards: CSV and TSV (csv_file), XLSX (workbook). A row becomes a card, its cells what their headers say.

The way: bytes → grid → header and dialect (headers, dialects) → what each column becomes, chosen or guessed → cards. Whatever a task has no
field for becomes a table at the end of its description. Not here: what becomes of cards (formats.board).
"""
