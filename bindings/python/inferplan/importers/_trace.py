# SPDX-License-Identifier: MIT
"""Makes query types, with their rates by hour, from a trace of requests.

A trace may have more rows than memory holds. While it is read, requests are counted by hour in bins
of similar lengths, and their tokens are summed. Then the bins are clustered. So memory depends on
the duration of the trace and not on the number of rows, and means are still exact.
"""
import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional, Tuple, Union

from .._arguments import text as text_of
from .._arguments import whole
from ._cluster import clusters_of
from ._files import (LARGEST, Source, column_of, header_of, length_checked, name_of, opened,
                     refusal, rows_of, shown)

# Bins per doubling of tokens. The lengths in a bin are within a fifth of each other.
_FINENESS = 4
# Larger than the bin of any count up to LARGEST.
_BINS = 256
# Ten years. A longer span comes from a stray timestamp.
_MOST_HOURS = 87840
_MOST_TYPES = 100
# The largest number of parsed texts to keep, for later rows with the same text.
_KEPT = 65536

_STAMP = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d):([0-5]\d(?:\.\d{1,9})?)"
                    r"(Z|[+-]\d\d:?[0-5]\d)?", re.ASCII).fullmatch
_SECONDS = re.compile(r"\d{1,12}(?:\.\d{1,9})?", re.ASCII).fullmatch
_MOST_SECONDS = 1e11
_TIMES = ("a time such as 2023-11-16 18:15:46.68 or 2024-05-10 00:00:00.01+00:00, or seconds up to "
          "1e11")
_EPOCH = datetime(1970, 1, 1)
_MOMENTS = "a datetime, or a text such as '2023-11-16 18:00'"

Moment = Union[str, datetime]


@dataclass(frozen=True)
class Trace:
    """The query types of a trace, from short to long.

    ``names``, ``input_tokens``, ``output_tokens`` (means per request) and ``counts`` (requests)
    have an entry for each type. ``hours`` has the start of every hour from the first request to the
    last, ``covered_hours`` the fraction of that hour that the trace covers, and ``rates`` the
    requests per hour of covered time, by hour and type. ``start`` and ``end`` are the bounds of the
    covered time. Times are in UTC if the trace has time zones. Otherwise they are unchanged and
    have no zone.
    """

    names: Tuple[str, ...]
    input_tokens: Tuple[float, ...]
    output_tokens: Tuple[float, ...]
    counts: Tuple[int, ...]
    start: datetime
    end: datetime
    hours: Tuple[datetime, ...]
    covered_hours: Tuple[float, ...]
    rates: Tuple[Tuple[float, ...], ...]

    @property
    def mean_rates(self) -> Tuple[float, ...]:
        """Requests per hour of each type over all covered time."""
        covered = sum(self.covered_hours)
        return tuple(count / covered for count in self.counts)

    @property
    def peak_hour(self) -> datetime:
        """The hour with the most tokens per hour, among the hours that are covered by at least
        half. A burst of a few seconds does not count as an hour. InputError if there is no such
        hour."""
        tokens = [a + b for a, b in zip(self.input_tokens, self.output_tokens)]
        loads = [(sum(rate * each for rate, each in zip(rates, tokens)), -at)
                 for at, rates in enumerate(self.rates) if self.covered_hours[at] >= 0.5]
        if not loads:
            raise refusal("rate", "'peak' of a trace without an hour that is covered at least half",
                          "'mean', or one of its hours")
        return self.hours[-max(loads)[1]]

    def queries(self, rate: Moment = "mean", **fields: Any) -> List[Dict[str, Any]]:
        """The query types as in an instance file, in the order of ``names``.

        ``rate`` is "mean" for all covered time, "peak" for ``peak_hour``, or a moment (a datetime
        or a text) for the hour that contains it. ``fields`` are more fields of ``queries[]``, the
        same for every type, such as ``unmet_penalty_usd=0.1``.
        """
        own = ("name", "input_tokens", "output_tokens", "rate_per_hour")
        for field in fields:
            if field in own:
                raise refusal(field, "a value for it", "none: the trace says it")
        if not isinstance(rate, (str, datetime)):
            raise refusal("rate", shown(rate), f"'mean', 'peak', or {_MOMENTS}")
        if rate == "mean":
            rates = self.mean_rates
        else:
            rates = self.rates[self._place(self.peak_hour if rate == "peak" else rate)]
        return [{**dict(zip(own, each)), **fields}
                for each in zip(self.names, self.input_tokens, self.output_tokens, rates)]

    def table(self) -> List[Dict[str, Any]]:
        """The rates as rows, one for each hour: ``hour``, ``covered_hours`` and the name of each
        type. ``pandas.DataFrame(trace.table())`` makes a data frame of them."""
        return [{"hour": hour, "covered_hours": covered, **dict(zip(self.names, rates))}
                for hour, covered, rates in zip(self.hours, self.covered_hours, self.rates)]

    def _place(self, moment: Moment) -> int:
        aware = self.start.tzinfo is not None
        place = math.floor((_seconds_of(moment, "rate", aware) - _seconds_of(
            self.hours[0], "rate", aware)) / 3600)
        if not 0 <= place < len(self.hours):
            raise refusal("rate", shown(str(moment)), f"'mean', 'peak', or from {self.hours[0]} to "
                          f"the hour of {self.hours[-1]}")
        return place


def read_trace(source: Source, types: int = 6, *, time_column: str = "TIMESTAMP",
               input_column: str = "ContextTokens", output_column: str = "GeneratedTokens",
               start: Optional[Moment] = None, end: Optional[Moment] = None) -> Trace:
    """Read query types from a CSV file with a row for each request, such as the public Azure LLM
    inference traces. The file may be compressed with gzip, and rows may be in any order. Other
    columns are ignored.

    ``source`` is a path or a file object. There are at most ``types`` query types (1 to 100), and
    fewer if there are fewer lengths. Lengths within a fifth of each other may be one type. Times
    are as in the Azure traces, or seconds from any origin (which is shown as 1970-01-01).

    Only requests from ``start`` to before ``end`` count. Without these, the trace covers the time
    from its first request to its last, both included.

    InputError names the file, the line, what was found and what is allowed. FileError if a file
    cannot be read.

    >>> import io
    >>> from inferplan.importers import read_trace
    >>> trace = read_trace(io.StringIO('''TIMESTAMP,ContextTokens,GeneratedTokens
    ... 2023-11-16 18:15:00.0000000,500,20
    ... 2023-11-16 18:30:00.0000000,4000,100
    ... 2023-11-16 18:45:00.0000000,520,22
    ... '''), types=2)
    >>> trace.names, trace.counts, trace.covered_hours
    (('in 510 out 21', 'in 4000 out 100'), (2, 1), (0.5,))
    >>> trace.queries(unmet_penalty_usd=0.1)[0]  # doctest: +NORMALIZE_WHITESPACE
    {'name': 'in 510 out 21', 'input_tokens': 510.0, 'output_tokens': 21.0, 'rate_per_hour': 4.0,
     'unmet_penalty_usd': 0.1}
    """
    types = whole("types", types, 1, _MOST_TYPES)
    for keyword, column in (("time_column", time_column), ("input_column", input_column),
                            ("output_column", output_column)):
        text_of(keyword, column, "the name of a column")
    for keyword, moment in (("start", start), ("end", end)):
        if moment is not None and not isinstance(moment, (str, datetime)):
            raise refusal(keyword, shown(moment), _MOMENTS)
    name = name_of(source)
    count = _Count(name, start, end)
    with opened(source) as text:
        rows = rows_of(text, name)
        header = header_of(rows, name)
        columns = [column_of(header, column, name, f" (or another, by {keyword}=)")
                   for column, keyword in ((time_column, "time_column"),
                                           (input_column, "input_column"),
                                           (output_column, "output_column"))]
        count.read(rows, header, columns)
    return count.trace(types)


class _Refused(Exception):
    """A cell that is refused. The message says what is allowed."""


class _Lengths(Dict[str, Tuple[int, int]]):
    """Maps the text of a token count to the count and its bin."""

    def __missing__(self, text: str) -> Tuple[int, int]:
        digits = text.strip()
        whole = digits[:-2] if digits.endswith(".0") else digits  # the form that pandas may write
        if not (whole.isascii() and whole.isdigit() and len(whole) < 17 and int(whole) <= LARGEST):
            raise _Refused("a whole number of tokens, from 0 to 1e15")
        tokens = int(whole)
        made = tokens, int(_FINENESS * math.log2(1 + tokens))
        if len(self) < _KEPT:
            self[text] = made
        return made


class _Clock:
    """Maps the text of a time to its hour and its seconds, both since 1970."""

    def __init__(self) -> None:
        self.aware = False
        self._form = ""
        self._minutes: Dict[Tuple[str, Optional[str]], Tuple[int, int]] = {}

    def __call__(self, text: str) -> Tuple[int, float]:
        match = _STAMP(text)
        if match is None:
            return self._other(text)
        minute, seconds, zone = match.groups()
        found = self._minutes.get((minute, zone))
        if found is None:
            found = self._minute(minute, zone)
        return found[0], found[1] + float(seconds)

    def _minute(self, minute: str, zone: Optional[str]) -> Tuple[int, int]:
        try:
            moment = datetime.fromisoformat(minute)
        except ValueError:
            raise _Refused(_TIMES) from None
        if not 1900 <= moment.year < 9000:
            raise _Refused("a year from 1900 to 8999")
        start = round((moment - _EPOCH).total_seconds())
        if zone is not None and zone != "Z":
            offset = 3600 * int(zone[1:3]) + 60 * int(zone[-2:])
            start -= offset if zone[0] == "+" else -offset
        self._take("times with a zone" if zone else "times without a zone")
        self.aware = zone is not None
        if len(self._minutes) >= _KEPT:
            self._minutes.clear()
        # The hour is computed from the minute, because the sum with the seconds may round up into
        # the next hour.
        self._minutes[minute, zone] = start // 3600, start
        return start // 3600, start

    def _other(self, text: str) -> Tuple[int, float]:
        stripped = text.strip()
        if _SECONDS(stripped) and float(stripped) <= _MOST_SECONDS:
            self._take("seconds")
            return int(float(stripped) // 3600), float(stripped)
        if stripped != text:
            return self(stripped)
        raise _Refused(_TIMES)

    def _take(self, form: str) -> None:
        """All times of a column must have the form of the first row."""
        self._form = self._form or form
        if form != self._form:
            raise _Refused(f"{self._form}, as in the rows before")


def _seconds_of(moment: Moment, where: str, aware: bool) -> float:
    """Seconds since 1970 of a moment that is compared with the times of a trace. A moment without a
    zone is in the zone of the trace, which is UTC if its times have zones."""
    clock = _Clock()
    try:
        if isinstance(moment, str) and _STAMP(moment.strip()):
            seconds = clock(moment.strip())[1]
        else:
            made = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
            clock.aware = made.tzinfo is not None
            if made.tzinfo is not None:
                made = made.astimezone(timezone.utc).replace(tzinfo=None)
            seconds = (made - _EPOCH).total_seconds()
    except (AttributeError, OverflowError, TypeError, ValueError, _Refused):
        raise refusal(where, shown(moment), _MOMENTS) from None
    if clock.aware and not aware:
        raise refusal(where, f"{moment}, with a zone", "a time without one, as the trace's")
    return seconds


def _moment_of(seconds: float, aware: bool) -> datetime:
    return (_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=timezone.utc if aware else None)


class _Count:
    """The counts of the rows read so far."""

    def __init__(self, name: str, start: Optional[Moment], end: Optional[Moment]) -> None:
        self._name = name
        self._start = start
        self._end = end
        self._read = False
        self._low: Optional[float] = None
        self._high: Optional[float] = None
        self._clock = _Clock()
        self._hours: Dict[int, Dict[int, int]] = {}  # hour, bin: requests
        self._sums: Dict[int, List[int]] = {}  # bin: requests, input tokens, output tokens
        self._first = math.inf
        self._last = -math.inf

    def read(self, rows: Any, header: List[str], columns: List[int]) -> None:
        clock, lengths = self._clock, _Lengths()
        time, taken, given = columns
        width = len(header)
        low, high = -math.inf, math.inf
        column = time
        for line, row in rows:
            if len(row) != width:
                length_checked(row, header, f"{self._name}, line {line}")
            try:
                column = time
                hour, second = clock(row[time])
                column = taken
                inputs, across = lengths[row[taken]]
                column = given
                outputs, down = lengths[row[given]]
            except _Refused as refused:
                raise refusal(f"{self._name}, line {line}, {header[column]}", shown(row[column]),
                              str(refused)) from None
            if not inputs and not outputs:
                raise refusal(f"{self._name}, line {line}", "a request without tokens",
                              "at least 1 token, of input or output")
            if not self._read:
                low, high = self._bounds()
                self._read = True
            if not low <= second < high:
                continue
            if second < self._first:
                self._first = second
            if second > self._last:
                self._last = second
            place = across * _BINS + down
            counts = self._hours.get(hour)
            if counts is None:
                counts = self._hours[hour] = {}
            counts[place] = counts.get(place, 0) + 1
            sums = self._sums.get(place)
            if sums is None:
                sums = self._sums[place] = [0, 0, 0]
            sums[0] += 1
            sums[1] += inputs
            sums[2] += outputs

    def _bounds(self) -> Tuple[float, float]:
        """The first time that counts, and the end, which does not count. They can be computed only
        after the first row, which shows whether the times have a zone."""
        aware = self._clock.aware
        if self._start is not None:
            self._low = _seconds_of(self._start, "start", aware)
        if self._end is not None:
            self._high = _seconds_of(self._end, "end", aware)
        low = -math.inf if self._low is None else self._low
        high = math.inf if self._high is None else self._high
        if low >= high:
            raise refusal("end", f"{self._end}", f"a time after start, {self._start}")
        return low, high

    def trace(self, types: int) -> Trace:
        if not self._sums:
            found = "no request from start to end" if self._read else "no request"
            raise refusal(self._name, found, "at least one row after the names of the columns")
        aware = self._clock.aware
        low = self._first if self._low is None else self._low
        high = self._last if self._high is None else self._high
        if low >= high:
            raise refusal(self._name, f"requests at one moment only, {_moment_of(low, aware)}",
                          "requests over some time, or start= and end=")
        first, last = math.floor(low / 3600), math.ceil(high / 3600)
        if last - first > _MOST_HOURS:
            raise refusal(self._name, f"{_moment_of(low, aware)} to {_moment_of(high, aware)}",
                          "at most ten years")
        # A last request exactly at the end of an hour belongs to that hour, because none of the
        # next hour is covered. Rounded seconds may put a request just as far out at either end.
        for hour in [hour for hour in self._hours if not first <= hour < last]:
            counts = self._hours.setdefault(min(max(hour, first), last - 1), {})
            for place, number in self._hours.pop(hour).items():
                counts[place] = counts.get(place, 0) + number
        return self._summary(types, range(first, last), low, high, aware)

    def _summary(self, types: int, hours: range, low: float, high: float, aware: bool) -> Trace:
        places = sorted(self._sums)
        points = []
        for place in places:
            requests, inputs, outputs = self._sums[place]
            points.append((math.log2(1 + inputs / requests), math.log2(1 + outputs / requests),
                           float(requests)))
        found = []
        for part in clusters_of(points, types):
            requests, inputs, outputs = (sum(self._sums[places[at]][column] for at in part)
                                         for column in range(3))
            found.append((inputs / requests, outputs / requests, requests,
                          {places[at] for at in part}))
        found.sort(key=lambda one: (one[0] + one[1], one[0]))
        kind = {place: at for at, one in enumerate(found) for place in one[3]}
        covered, rates = [], []
        for hour in hours:
            part_covered = (min(high, 3600 * (hour + 1)) - max(low, 3600 * hour)) / 3600
            numbers = [0] * len(found)
            for place, number in self._hours.get(hour, {}).items():
                numbers[kind[place]] += number
            covered.append(part_covered)
            rates.append(tuple(number / part_covered for number in numbers))
        return Trace(
            _named([(one[0], one[1]) for one in found]), tuple(one[0] for one in found),
            tuple(one[1] for one in found), tuple(one[2] for one in found),
            _moment_of(low, aware), _moment_of(high, aware),
            tuple(_moment_of(3600 * hour, aware) for hour in hours), tuple(covered), tuple(rates))


def _named(means: List[Tuple[float, float]]) -> Tuple[str, ...]:
    """Names with the means in whole tokens. A number is added if several types have the same
    means."""
    names: List[str] = []
    for inputs, outputs in means:
        plain = name = f"in {inputs:.0f} out {outputs:.0f}"
        again = 2
        while name in names:
            name = f"{plain} ({again})"
            again += 1
        names.append(name)
    return tuple(names)
