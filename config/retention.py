"""The table `[retention]`: after how many years what is removed. Where nothing is written, nothing is."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from config.fields import Section

Years = Annotated[int, Field(ge=1, le=100)]


class Retention(Section):
    """Years after a case was over, or a mail or guest came in; None keeps for ever.

    ``case_years``: who wrote and what. ``examined_years``: the same of cases for the examiners, which stay
    where it is not written. ``raw_years``: the bytes of what came in, where those are to go earlier.
    ``automatic``: the daemon sees to it once a month.
    Source: the office's archive schedule (jadwal retensi arsip); this program knows none.
    """

    case_years: Years | None = None
    examined_years: Years | None = None
    raw_years: Years | None = None
    other_mail_years: Years | None = None
    guest_years: Years | None = None
    automatic: bool = False

    @model_validator(mode="after")
    def _longer_for_examiners(self) -> Self:
        if self.case_years and self.examined_years and self.examined_years < self.case_years:
            raise PydanticCustomError("examined_shorter", "examined cases go earlier than others")
        return self
