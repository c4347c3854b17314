"""Executors that know nothing of a board yet, as in another process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from prometheus_client import CollectorRegistry

from server.commands.executor import Executor
from server.domain import commands as c
from server.domain.ids import new_id
from server.telemetry import Telemetry
from tests.helpers.board import Board


@asynccontextmanager
async def fresh(board: Board, **options: Any) -> AsyncIterator[tuple[Board, CollectorRegistry]]:
    """The same project through an executor of its own, with what it counts."""
    telemetry = Telemetry()
    executor = Executor(board.database, board.announced.extend, telemetry, **options)
    async with executor.running():
        yield replace(board, executor=executor), telemetry.registry


@asynccontextmanager
async def cold(board: Board) -> AsyncIterator[Board]:
    """The same project through an executor of its own."""
    async with fresh(board) as (one, _):
        yield one


def create(board: Board, title: str, **fields: Any) -> c.CreateTask:
    """A task at the bottom of the first column."""
    return c.CreateTask(id=new_id(), column_id=board.columns[0], title=title, **fields)
