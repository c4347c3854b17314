"""Jobs: work that somebody asked for and need not wait for. Not here: who runs them and how (jobs.runner), and where they stand (storage.jobs)."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from server.domain.errors import FieldError, Refusal

JobKind = Literal["import_preview", "import", "undo_import"]
JobStatus = Literal["pending", "processing", "completed", "failed"]


class JobProgress(msgspec.Struct, frozen=True):
    """How much of it is done, in whatever the job counts; `total` is None while nobody knows."""

    done: int
    total: int | None


class JobProblem(msgspec.Struct, frozen=True):
    """Why a job failed: `code` as in every other refusal, or `cancelled`."""

    code: str
    detail: str
    errors: tuple[FieldError, ...] = ()

    @classmethod
    def of(cls, refusal: Refusal) -> "JobProblem":
        return cls(refusal.code, refusal.message, refusal.errors)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as its owner and the project's admins see it. `result` says what came of it, once it is completed."""

    id: UUID
    project_id: UUID
    owner_id: UUID
    kind: JobKind
    status: JobStatus
    progress: JobProgress
    result: dict[str, Any] | None
    problem: JobProblem | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class JobNotification(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="job"):
    """How far a job is, at most twice a second, and that it is over. `result` is null here: `GET /v1/jobs/{id}` has it."""

    job: Job
