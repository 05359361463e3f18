"""Mails to who wrote by mail: to the address in the configuration, whatever their mail says, and not for ever."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from store import Store
from store.types import NoticeKind, StaffMail

HOUR = timedelta(hours=1)
QUESTIONS_PER_HOUR = 5  # to one address: a program that answers our questions is not asked for ever
ECHOES_PER_HOUR = 60
_NOTED = ("unproven", "not_entitled")  # notes that a person has to hear more about than that


class Teller:
    """Puts such mails into the outbox, within the transaction around it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def tell(self, one: StaffMail, details: Mapping[str, str], now: datetime) -> str:
        """Tell what was done or will be, and return the mail's Message-ID."""
        if details["say"] in _NOTED:
            return self.ask(one, details, now, key=f"{details['say']}:{one.number}")
        return self._put(NoticeKind.STAFF_ECHO, one, details, now)

    def ask(
        self, one: StaffMail, details: Mapping[str, str], now: datetime, *, key: str = ""
    ) -> str:
        """Tell that nothing was done, and why. Empty where this address was asked too often."""
        if self._count(one, NoticeKind.STAFF_QUESTION, now) >= QUESTIONS_PER_HOUR:
            return ""
        return self._put(NoticeKind.STAFF_QUESTION, one, details, now, key)

    def may_echo(self, one: StaffMail, now: datetime) -> bool:
        """Whether this address can be told of one more answer; else that waits."""
        return self._count(one, NoticeKind.STAFF_ECHO, now) < ECHOES_PER_HOUR

    def _count(self, one: StaffMail, kind: NoticeKind, now: datetime) -> int:
        return self._store.notices_since(one.address, kind, now - HOUR)

    def _put(
        self,
        kind: NoticeKind,
        one: StaffMail,
        details: Mapping[str, str],
        now: datetime,
        key: str = "",
    ) -> str:
        return self._store.staff_mails.tell(kind, one.number, one.address, details, now, key=key)
