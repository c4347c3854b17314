"""The token buckets, on a clock of the test's own."""

import pytest

from server.api.limits import Bucket, Commands, Speed
from server.domain.errors import RateLimited
from server.domain.ids import new_id


def test_a_burst_is_allowed_and_then_the_rate() -> None:
    now = 0.0
    bucket = Bucket(10.0, 3.0, lambda: now)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now = 0.1
    assert [bucket.take() for _ in range(2)] == [True, False]
    now = 60.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(
    ("text", "speed"), [("1000/minute", (1000 / 60, 1000)), ("10000/10 seconds", (1000.0, 10_000))]
)
def test_a_speed_is_what_comes_at_once_and_the_rate_after_it(text: str, speed: tuple[float, int]) -> None:
    assert Speed.of(text) == speed


def test_a_users_commands_count_together_and_nobody_elses_with_them() -> None:
    now = 0.0
    commands, ann, ben = Commands(Speed(10, 100), lambda: now), new_id(), new_id()
    commands.take(ann, 60)
    with pytest.raises(RateLimited):
        commands.take(ann, 60)
    commands.take(ann, 40)
    commands.take(ben, 100)
    now = 6.0
    commands.take(ann, 60)


def test_a_submit_of_more_than_the_burst_is_let_through_once_the_bucket_is_full() -> None:
    commands, ann = Commands(Speed(10, 100), lambda: 0.0), new_id()
    commands.take(ann, 500)
    with pytest.raises(RateLimited):
        commands.take(ann, 1)
