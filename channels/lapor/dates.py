"""Times as platforms write them. Indonesia has three zones; a platform may use any of them."""

import re
from datetime import UTC, datetime, timedelta, timezone

from channels.lapor.profile import Dates

_ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}  # hours east of UTC
_NAMED = re.compile(r"\s*\b(WIB|WITA|WIT)\s*$", re.IGNORECASE)
_MILLISECONDS = 100_000_000_000  # as seconds, this would be the year 5138
_MONTHS = (
    *("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"),
    *("may", "aug", "oct", "dec", "agt", "ags", "nop", "peb"),
)
_MONTH_NUMBERS = dict(zip(_MONTHS, (*range(1, 13), 5, 8, 10, 12, 8, 8, 11, 2), strict=True))
_WRITTEN_OUT = re.compile(
    r"(?:[^\W\d]{3,8}\W{1,3})?(\d{1,2})[ -]+([^\W\d]{3,9})\.?[ -]+(\d{4})"
    r"(?:\W{1,3}(?:(?:pukul|jam|pkl)\W{1,2})?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?)?",
    re.IGNORECASE,
)


def parse_date(value: object, dates: Dates) -> datetime | None:
    """Return an aware time, or None where there is none to be read (empty, 0000-00-00, nonsense)."""
    text = str(value).strip() if isinstance(value, str | int | float) else ""
    if not text or isinstance(value, bool):
        return None
    return next((found for form in dates.formats if (found := _parse(text, form, dates))), None)


def later(value: object, seconds: int, dates: Dates) -> str | None:
    """The same time moved by ``seconds`` and written the same way, or None where that cannot be."""
    text = str(value).strip()
    for form in dates.formats:
        if found := _parse(text, form, dates):
            return _write(text, form, found + timedelta(seconds=seconds), dates)
    return None


def _parse(text: str, form: str, dates: Dates) -> datetime | None:
    try:
        if form == "epoch":
            return _from_epoch(text)
        named = _NAMED.search(text)
        plain = text[: named.start()] if named else text
        found = _read(plain, form)
        if found.tzinfo is None:
            found = found.replace(
                tzinfo=timezone(timedelta(hours=_ZONES[named[1].upper()])) if named else dates.zone
            )
        return found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _read(text: str, form: str) -> datetime:
    if form == "iso":
        return datetime.fromisoformat(text)
    if form == "written":
        return _from_words(text)
    return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the caller's


def _from_words(text: str) -> datetime:
    """Read "Selasa, 24 November 2026 pukul 10.15", month names in Indonesian or English."""
    found = _WRITTEN_OUT.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a date in words")
    month = _MONTH_NUMBERS.get(found[2][:3].casefold(), 0)
    hour, minute, second = (int(part or 0) for part in found.groups()[3:])
    return datetime(int(found[3]), month, int(found[1]), hour, minute, second)  # noqa: DTZ001 - the zone is the caller's


def _from_epoch(text: str) -> datetime:
    seconds = float(text)
    if seconds <= 0:
        raise ValueError("zero means no time")
    return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)


def _write(text: str, form: str, moment: datetime, dates: Dates) -> str | None:
    if form == "epoch":
        scale = 1000 if float(text) > _MILLISECONDS else 1
        return str(int(moment.timestamp() * scale))
    if form in ("iso", "written") or _NAMED.search(text) or "%z" in form:
        return None
    return moment.astimezone(dates.zone).strftime(form)
