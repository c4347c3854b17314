"""Our own format, as JSON and as NDJSON: everything of a board, so that it can be made again somewhere else.

Both begin with the format's name and version. Then come, each after those that it names: the project's own settings, people, columns,
labels, tasks with their descriptions, comments and checklist items, and dependencies; deleted ones too. JSON has an array a kind, sorted by
id. NDJSON has a line a record, tasks by number, each with what belongs to it right behind it, and a last line that tells how many there
were, so that a file that was cut off is known. Attachments will be one more kind, their content in an archive around the file.

Reading (`reading`) yields what `import_records` takes, so a board that was exported and imported is exported as the same bytes.
"""

from server.formats.lockstep.reading import translate, translate_lines
from server.formats.lockstep.writing import FORMAT, VERSION

__all__ = ["FORMAT", "VERSION", "translate", "translate_lines"]
