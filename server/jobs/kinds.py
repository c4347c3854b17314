"""Kind of job → what does it and how long one try may take, the literal table."""

from server.commands.executor import Executor
from server.domain.jobs import JobKind
from server.jobs.imports import Imports
from server.jobs.runner import Kind
from server.jobs.undoing import Undoing
from server.storage.engine import Database
from server.storage.files import Files

MINUTE = 60.0


def job_kinds(database: Database, files: Files, executor: Executor) -> dict[JobKind, Kind]:
    """Every kind, ready to run. `executor` is this process's own, `files` are the uploads."""
    imports = Imports(database, files, executor)
    return {
        "import_preview": Kind(imports.preview, 15 * MINUTE),
        "import": Kind(imports.run, 120 * MINUTE),
        "undo_import": Kind(Undoing(database, executor).run, 60 * MINUTE),
    }
