"""A task that is ended ends, however often a library swallows the cancellation."""

import asyncio

from server.tasks import end


async def test_a_swallowed_cancellation_is_repeated() -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 3:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await end(task)
    assert task.cancelled()


async def test_wait_for_is_why() -> None:
    """The case itself: the result and the cancellation arrive in one turn of the loop."""
    result = asyncio.get_running_loop().create_future()
    turns = 0

    async def loop() -> None:
        nonlocal turns
        while True:
            await asyncio.wait_for(result if turns == 0 else asyncio.Event().wait(), 60)
            turns += 1

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    result.set_result(None)
    async with asyncio.timeout(5):
        await end(task)
    assert task.cancelled()


async def test_what_is_over_already_is_fine() -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    task = asyncio.create_task(fails())
    await asyncio.wait([task])
    await end(task)
    assert isinstance(task.exception(), ZeroDivisionError)
    await end()
