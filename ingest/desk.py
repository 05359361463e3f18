"""The desk: what becomes of one arrival. Reads, screens, classifies, routes; writes nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from channels.base import Channel
from channels.types import Address, Arrival, Message
from classify.engine import RuleSet
from classify.routing import Subject, promise, team_for
from classify.types import Medium, Verdict
from ingest.acknowledgements import within_cap
from ingest.identity import identity
from ingest.office import Office
from ingest.people import same_mailbox
from ingest.platform_mail import PlatformNotices
from ingest.reply_token import ReplyTokens
from ingest.staff_mail.inbox import StaffInbox
from ingest.telling import team_notices
from ingest.writing_back import clocks, readers_of
from store import Store
from store.numbers import new_number
from store.types import Clock, Intake, NoticeKind, NoticeRequest, Thread

HOUR = timedelta(hours=1)

log = structlog.get_logger()


class Desk:
    """Decides. ``rules`` gives the rule set in force: it may change while the daemon runs.

    ``marks`` are beginnings of lines by which our own notices to staff are known.
    """

    def __init__(
        self,
        office: Office,
        rules: Callable[[], RuleSet],
        store: Store,
        platforms: PlatformNotices | None = None,
        *,
        marks: tuple[str, ...] = (),
    ) -> None:
        self._office = office
        self._rules = rules
        self._store = store
        self._platforms = platforms
        self._staff = StaffInbox(store, office, marks)
        self._tokens = ReplyTokens(store)

    def decide(
        self, channel: Channel, arrival: Arrival, *, who: str = "muara", silent: bool = False
    ) -> Intake:
        """Return what to store for an arrival. Raises Unreadable, or whatever a broken rule raises."""
        message = channel.read(arrival)
        if notice := self._of_platform(arrival, message, who, silent=silent):
            return notice
        if message.machine:
            return Intake(arrival, message, who=who)
        if asked := self._staff.intake(arrival, message, who=who, silent=silent):
            return asked
        message = self._from_author(message)
        if thread := self._thread(message):
            return self._reply(arrival, message, thread, silent=silent)
        return self._case(arrival, message, who, silent=silent)

    def _of_platform(
        self, arrival: Arrival, message: Message, who: str, *, silent: bool
    ) -> Intake | None:
        if self._platforms is None:
            return None
        return self._platforms.intake(arrival, message, who=who, silent=silent)

    def within_cap(self, intakes: Sequence[Intake], now: datetime) -> list[Intake]:
        """Return a batch's intakes without the acknowledgements beyond the cap of the hour before ``now``."""

        def left_for(address: str) -> int:
            sent = self._store.notices_since(address, NoticeKind.ACKNOWLEDGEMENT, now - HOUR)
            return self._office.acknowledgements_per_hour - sent

        return within_cap(intakes, left_for)

    def _from_author(self, message: Message) -> Message:
        """The author is who wants the answer: behind a web form that is the Reply-To (RFC 5322, 3.6.2)."""
        to = next((one for one in message.reply_to if one.email), None)
        if to is None or to.email.casefold() in self._office.own_addresses:
            return message
        return replace(message, sender=Address(to.name or message.sender.name, to.email))

    def _thread(self, message: Message) -> Thread | None:
        """The case this message answers, by a mail we sent to that same person, or by a token in one.

        A number in the subject is no proof: anybody can write one.
        """
        sender = message.sender.email
        ids = (*message.in_reply_to, *message.references)
        threads = self._store.threads(ids).values() if ids else ()
        ours = next((t for t in threads if same_mailbox(t.recipient, sender)), None)
        return ours or self._signed_thread(message, sender)

    def _signed_thread(self, message: Message, sender: str) -> Thread | None:
        """The case whose token the message quotes, for programs that drop the references."""
        if message.medium is not Medium.EMAIL or not sender:
            return None
        number, claimed = self._tokens.signed(f"{message.subject}\n{message.text}", sender)
        if claimed:
            log.warning("reply.refused", number=claimed)
        return self._store.thread(number, sender) if number else None

    def _reply(self, arrival: Arrival, message: Message, thread: Thread, *, silent: bool) -> Intake:
        staff = not same_mailbox(thread.recipient, thread.complainant_email)
        readers = () if staff else readers_of(self._office, thread)
        notices = tuple(NoticeRequest(NoticeKind.TEAM_REPLY, reader) for reader in readers)
        who = thread.recipient if staff else "muara"
        return Intake(
            arrival,
            message,
            identity=identity(message, arrival),
            joins=thread.number,
            notices=notices,
            silent=silent,
            who=who,
            clocks=() if staff else clocks(self._office, thread, message.received_at),
        )

    def _case(self, arrival: Arrival, message: Message, who: str, *, silent: bool) -> Intake:
        office, words = self._office, message.reply_text or message.text
        verdict = self._verdict(message, words)
        subject = Subject(arrival.channel, message.medium, f"{message.subject}\n{words}")
        team = team_for(subject, verdict, office.routes, office.default_team)
        # Who asked not to be known, or to be kept secret, is for fewer eyes than a team's.
        restricted = verdict.restricted or message.secret or message.anonymous
        due = promise(
            verdict, message.received_at, office.limits, office.information_limit, office.calendar
        )
        return Intake(
            arrival,
            message,
            number=new_number(),
            identity=identity(message, arrival),
            verdict=verdict,
            team=team,
            due_at=due.due_at,
            limit=due.limit,
            calendar=due.calendar,
            notices=self._notices(message, verdict, team, restricted=restricted),
            silent=silent,
            who=who,
            restricted=restricted,
            clocks=self._clocks(message),
        )

    def _clocks(self, message: Message) -> tuple[Clock, ...]:
        """The deadlines that begin if a platform's report says that the complainant wrote again."""
        said = [one.at for one in message.followups if one.at]
        thread = self._store.platforms.case_of(message.external_id) if said else None
        return clocks(self._office, thread, max(said)) if thread else ()

    def _verdict(self, message: Message, words: str) -> Verdict:
        verdict = self._rules().classify(message.subject, words, message.medium)
        wordless = not any(map(str.isalpha, message.subject + words))
        return verdict.for_a_person() if wordless and message.attachments else verdict

    def _notices(
        self, message: Message, verdict: Verdict, team: str, *, restricted: bool
    ) -> tuple[NoticeRequest, ...]:
        if not verdict.needs_people:
            return ()
        notices = list(team_notices(self._office, team, restricted=restricted))
        if self._acknowledges(message):
            notices.append(NoticeRequest(NoticeKind.ACKNOWLEDGEMENT, message.sender.email))
        return tuple(notices)

    def _acknowledges(self, message: Message) -> bool:
        """RFC 3834: never answer machines or ourselves. How often is settled for a batch, see `within_cap`."""
        office, to = self._office, message.sender.email
        wanted = office.acknowledge and message.may_answer and bool(to)
        return wanted and to.casefold() not in office.own_addresses
