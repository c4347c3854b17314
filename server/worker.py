"""The composition root of a worker: it runs the jobs that the clock and others put on the queue."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from dramatiq import Worker

from server.background import Background, background, open_database
from server.commands.executor import Executor
from server.jobs import housekeeping, mail
from server.jobs.kinds import job_kinds
from server.jobs.queue import Job, declare, open_broker
from server.jobs.runner import RUN_JOB, Runner
from server.realtime.herald import Herald
from server.settings import Settings
from server.storage import draft
from server.storage.engine import Database
from server.storage.files import Files
from server.storage.postbox import Postbox
from server.storage.vault import Vault
from server.telemetry import Telemetry

STOP_SECONDS = 20
"""How long running jobs have to end."""

PENS = 3
"""Connections to write with: one a lane, and one for a project that is waited for."""

FETCH_SECONDS = 30.0
"""Longer than Redis ever takes: a fetch that was given up may have taken jobs that nobody runs then."""

log = structlog.get_logger(__name__)


def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT, through every outage of Redis and PostgreSQL. Raises `SettingsError`."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    threads = settings.worker_threads
    async with (
        background(settings, "worker", pool=2 * threads, redis_timeout_s=FETCH_SECONDS) as stand,
        _runner(settings, stand) as runner,
    ):
        broker = open_broker(stand.redis)
        for name, (job, limit_s) in _jobs(settings, stand.database, runner).items():
            declare(broker, name, job, asyncio.get_running_loop(), limit_s)
        worker = Worker(broker, worker_threads=threads)
        worker.start()
        log.info("worker started", threads=threads)
        await stand.stopping.wait()
        log.info("worker stopping")
        await runner.stop()
        await _stop(worker)


def _jobs(settings: Settings, database: Database, runner: Runner) -> dict[str, tuple[Job, float]]:
    """Everything that may be on the queue, with the most seconds that it may take."""
    kept = timedelta(days=settings.audit_days)
    house = {**housekeeping.jobs(database, Files(settings.files), kept), **_mail(settings, database)}
    limits = dict.fromkeys(house, housekeeping.LIMIT_SECONDS)
    return {
        **{name: (job, limits[name]) for name, job in house.items()},
        RUN_JOB: (runner.run, max(kind.limit_s for kind in runner.kinds.values()) + STOP_SECONDS),
    }


@asynccontextmanager
async def _runner(settings: Settings, stand: Background) -> AsyncIterator[Runner]:
    """What runs jobs, on an executor and a herald of its own. Half of the threads stay free for what is short."""
    pens = open_database(settings, "worker-pens", PENS, writing=True)
    herald = Herald(stand.line)
    limits = draft.Limits(settings.max_tasks, settings.max_unarchived_tasks)
    executor = Executor(pens, herald.announce, Telemetry(), limits=limits)
    kinds = job_kinds(stand.database, Files(settings.files), executor)
    try:
        async with herald.running(), executor.running():
            yield Runner(stand.database, kinds, herald.tell_of_job, max(1, settings.worker_threads // 2))
    finally:
        await pens.close()


def _mail(settings: Settings, database: Database) -> dict[str, Job]:
    carrier = mail.Smtp(settings.smtp_url) if settings.smtp_url else mail.Files(settings.data_dir / "mail")
    return mail.jobs(database, Postbox(Vault(settings.keys)), carrier, settings.mail_from)


async def _stop(worker: Worker) -> None:
    """Lets running jobs end; they need the loop, so the waiting is done in a thread."""
    try:
        await asyncio.to_thread(worker.stop, STOP_SECONDS * 1000)
    except Exception:
        log.warning("worker could not hand back its waiting jobs", exc_info=True)
