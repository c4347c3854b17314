"""Fills a database so that there is something to see: two people with a lively board, or as many boards as one asks for.

Everything goes through the executor, like any import. Running it again finds what is there and leaves it alone.
"""

import asyncio
from collections.abc import Callable

from server.commands.executor import Executor
from server.demo import board, generated
from server.demo.people import DemoAccount, Registry
from server.settings import Settings
from server.storage.accounts import Accounts
from server.storage.draft import Limits as BoardLimits
from server.storage.engine import Database, Limits
from server.telemetry import Telemetry

Say = Callable[[str], None]


def fill(
    settings: Settings, *, people: int | None = None, tasks: int | None = None, say: Say = print
) -> list[DemoAccount]:
    """The demo board for Ann and Ben; with `people` or `tasks` generated boards instead. Blocking; tells its progress.

    Raises a `Refusal` when the database does not answer.
    """
    return asyncio.run(_fill(settings, people, tasks, say))


async def _fill(settings: Settings, people: int | None, tasks: int | None, say: Say) -> list[DemoAccount]:
    database = Database(settings.database_url, Limits(pool=4, statement_timeout=60.0), name="lockstep-demo")
    board_limits = BoardLimits(tasks=settings.max_tasks, open_tasks=settings.max_unarchived_tasks)
    executor = Executor(database, announce=lambda _committed: None, telemetry=Telemetry(), limits=board_limits)
    try:
        registry = Registry(Accounts(database), settings.secret)
        ann, ben = await registry.hosts()
        async with executor.running():
            if people is None and tasks is None:
                await board.fill(executor, ann, ben)
            else:
                others = await registry.others(people or 0)
                plan = generated.Plan.of(
                    tasks if tasks is not None else 20 * len(others), settings.max_unarchived_tasks
                )
                await generated.fill(executor, plan, [ann, ben, *others], say)
        return [ann, ben]
    finally:
        registry.close()
        await database.close()
