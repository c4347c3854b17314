"""The composition root of a worker: it runs the jobs that the clock and others put on the queue."""

import asyncio
from datetime import timedelta

import structlog
from dramatiq import Worker

from server.background import background
from server.jobs import housekeeping, mail
from server.jobs.queue import Job, declare, open_broker
from server.settings import Settings
from server.storage.engine import Database
from server.storage.postbox import Postbox
from server.storage.vault import Vault

STOP_SECONDS = 20
"""How long running jobs have to end."""

FETCH_SECONDS = 30.0
"""Longer than Redis ever takes: a fetch that was given up may have taken jobs that nobody runs then."""

log = structlog.get_logger(__name__)


def run(settings: Settings) -> None:
    """Works until SIGTERM or SIGINT, through every outage of Redis and PostgreSQL. Raises `SettingsError`."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    threads = settings.worker_threads
    async with background(settings, "worker", pool=threads, redis_timeout_s=FETCH_SECONDS) as stand:
        broker = open_broker(stand.redis)
        kept = timedelta(days=settings.audit_days)
        for name, job in {**housekeeping.jobs(stand.database, kept), **_mail(settings, stand.database)}.items():
            declare(broker, name, job, asyncio.get_running_loop(), housekeeping.LIMIT_SECONDS)
        worker = Worker(broker, worker_threads=threads)
        worker.start()
        log.info("worker started", threads=threads)
        await stand.stopping.wait()
        log.info("worker stopping")
        await _stop(worker)


def _mail(settings: Settings, database: Database) -> dict[str, Job]:
    carrier = mail.Smtp(settings.smtp_url) if settings.smtp_url else mail.Files(settings.data_dir / "mail")
    return mail.jobs(database, Postbox(Vault(settings.keys)), carrier, settings.mail_from)


async def _stop(worker: Worker) -> None:
    """Lets running jobs end; they need the loop, so the waiting is done in a thread."""
    try:
        await asyncio.to_thread(worker.stop, STOP_SECONDS * 1000)
    except Exception:
        log.warning("worker could not hand back its waiting jobs", exc_info=True)
