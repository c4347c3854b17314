"""The token bucket, on a clock of the test's own."""

from server.api.limits import Bucket


def test_a_burst_is_allowed_and_then_the_rate() -> None:
    now = 0.0
    bucket = Bucket(10.0, 3.0, lambda: now)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now = 0.1
    assert [bucket.take() for _ in range(2)] == [True, False]
    now = 60.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
