"""Dates as tables write them. Whether the day or the month comes first is decided once, by all dates of the file together."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone

import msgspec

from server.formats.choices import DateOrder
from server.formats.run import Run

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mär mrz", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
    )
    for name in names.split()
}
_LONG = 80
_TIME = (
    r"(?:[\s,T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}")
_NUMBERS = re.compile(rf"(?P<one>\d{{1,2}})[-/.]\s?(?P<two>\d{{1,2}})[-/.]\s?(?P<year>\d{{4}}|\d{{2}}){_TIME}")
_DAY_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})\.?[-/\s]\s?(?P<name>[^\W\d]{{3,}})\.?[-/\s,]+(?P<year>\d{{4}}|\d{{2}}){_TIME}"
)
_MONTH_NAMED = re.compile(rf"(?P<name>[^\W\d]{{3,}})\.?\s(?P<day>\d{{1,2}}),?\s(?P<year>\d{{4}}){_TIME}")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s+(?=\d|[a-z])", re.IGNORECASE)


class Moment(msgspec.Struct, frozen=True):
    """A day, or a time in UTC."""

    day: date
    at: datetime | None = None

    def text(self) -> str:
        """In the canonical form of due dates."""
        return (
            self.day.isoformat()
            if self.at is None
            else self.at.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
        )

    def start(self) -> datetime:
        """The time, or the midnight with which the day begins."""
        return self.at or datetime.combine(self.day, time(), UTC)


class Dates:
    """Reads dates in one order."""

    def __init__(self, order: DateOrder, run: Run) -> None:
        self.order, self._run = order, run

    def read(self, written: str) -> Moment | None:
        """None when it is not a date."""
        if len(written) > _LONG:
            return None
        cell = _WEEKDAY.sub("", written.strip(), count=1)
        for pattern in (_YEAR_FIRST, _NUMBERS, _DAY_NAMED, _MONTH_NAMED):
            found = pattern.fullmatch(cell)
            if found:
                try:
                    return self._moment(found.groupdict())
                except (ValueError, OverflowError):
                    return None
        return None

    def _moment(self, parts: dict[str, str | None]) -> Moment:
        day = date(_year(parts["year"] or ""), *self._month_and_day(parts))
        if parts["hour"] is None:
            return Moment(day)
        if parts["zone"] is None:
            self._run.findings.guessed("The zone of times that name none: UTC.")
        clock = time(_hour(int(parts["hour"]), parts["half"]), int(parts["minute"] or 0), int(parts["second"] or 0))
        at = datetime.combine(day, clock, _zone(parts["zone"])).astimezone(UTC)
        return Moment(at.date(), at)

    def _month_and_day(self, parts: dict[str, str | None]) -> tuple[int, int]:
        if parts.get("name"):
            month = _MONTHS.get((parts["name"] or "").casefold()[:3])
            if month is None:
                raise ValueError
            return month, int(parts["day"] or 0)
        if "month" in parts:
            return int(parts["month"] or 0), int(parts["day"] or 0)
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        month, day = (one, two) if self.order == "mdy" else (two, one)
        return (day, month) if month > 12 else (month, day)


def decided(written: Iterable[str], usual: DateOrder | None, run: Run) -> DateOrder:
    """The order of all these dates: as chosen, as the numbers over 12 say, as is usual for such files, or a guess; told in the report."""
    if run.choices.date_order is not None:
        return run.choices.date_order
    numbers = [found for cell in written if len(cell) <= _LONG and (found := _NUMBERS.fullmatch(cell.strip()))]
    if not numbers:
        return "ymd"
    days_first = sum(int(found["one"]) > 12 for found in numbers)
    months_first = sum(int(found["two"]) > 12 for found in numbers)
    if days_first and months_first:
        run.findings.guessed("Dates in two orders: each was read as it can be, the others as most.", numbers[0][0])
    if days_first != months_first:
        return "dmy" if days_first > months_first else "mdy"
    order: DateOrder = usual or ("mdy" if "/" in numbers[0][0] else "dmy")
    first = "month" if order == "mdy" else "day"
    run.findings.guessed(
        f"Whether the day or the month comes first in dates; no date of the file says, so the {first} does.",
        numbers[0][0],
    )
    return order


def _year(written: str) -> int:
    return int(written) + (2000 if len(written) == 2 else 0)


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half[0] in "Pp" else 0)


def _zone(written: str | None) -> timezone:
    if written is None or written[0] not in "+-":
        return UTC
    digits = written[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if written[0] == "-" else offset)
