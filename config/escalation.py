"""The table `[escalation]`: when people are reminded of a case, who, and when the morning's digest goes out."""

import re
from datetime import time
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from config.fields import Mail, Section

Role = Literal["person", "team", "head", "supervisor"]


def _clock_time(value: Any) -> time:
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3])[:.][0-5]\d", value):
        raise PydanticCustomError("clock_time", "no time of day")
    return time.fromisoformat(value.replace(".", ":"))


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


_Mails = Annotated[tuple[Mail, ...], BeforeValidator(_several)]
_Roles = Annotated[tuple[Role, ...], BeforeValidator(_several)]
_Percent = Annotated[int, Field(ge=1, le=99)]


class Escalation(Section):
    """Reminders at two shares of the time and at the deadline, and daily after.

    ``head`` is the head of section, ``supervisor`` who looks after them; of a late case the latter
    hears from the ``supervisor_after_days``-th working day on. ``half``, ``soon``, ``passed`` and
    ``daily`` name who hears at each step; ``person`` is who took the case, else its team.
    """

    enabled: bool = True
    digest_at: Annotated[time, BeforeValidator(_clock_time)] = time(7, 45)
    empty_digest: bool = False
    half_percent: _Percent = 50
    soon_percent: _Percent = 80
    head: _Mails = ()
    supervisor: _Mails = ()
    supervisor_after_days: int = Field(3, ge=0, le=365)
    half: _Roles = ("person",)
    soon: _Roles = ("person", "team")
    passed: _Roles = ("person", "team", "head")
    daily: _Roles = ("person", "team", "head", "supervisor")

    @model_validator(mode="after")
    def _shares_rise(self) -> Self:
        if self.half_percent >= self.soon_percent:
            raise PydanticCustomError("shares_fall", "the second share is not the greater one")
        return self
