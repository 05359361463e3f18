"""Mailboxes as they are: renumbered, full of history, and days behind."""

from datetime import UTC, datetime, timedelta

import pytest

from store.types import TicketFilter
from testing.daemon import eventually
from tests.e2e.office import Office, mail, mails


def test_renumbering_a_mailbox_loses_nothing_and_repeats_nothing(office: Office) -> None:
    server, user = office.mailbox.server, office.mailbox.user
    office.deliver(*mails(5))
    with office.start():
        office.wait_for("cases", 5)
        office.every_notice_is_sent_under_one_message_id()
        server.change_uidvalidity(user, 4242)
        server.kick(user)
        office.deliver(mail())
        office.wait_for("arrivals", 6, "generation = '4242'")
        office.every_notice_is_sent_under_one_message_id(once=True)
    assert office.count("cases") == 6


def test_after_five_days_offline_everything_comes_in_with_its_own_time(office: Office) -> None:
    with office.start() as daemon:
        eventually(lambda: office.rows("SELECT last_success FROM channels"))
        daemon.stop()
    now = datetime.now(UTC).replace(microsecond=0)
    days = [now - timedelta(days=ago) for ago in (5, 4, 3, 2, 1)]
    for day in days:
        office.deliver(*mails(4), received_at=day)
    with office.start():
        office.wait_for("cases", 20)
        office.every_notice_is_sent_under_one_message_id()
    with office.site.store() as store:
        received = [ticket.received_at for ticket in store.tickets(TicketFilter())]
    assert received == sorted(4 * days, reverse=True)
    assert office.sent()["acknowledgement"] == 20


@pytest.mark.slow
def test_the_first_contact_with_2000_old_mails_sends_not_one(office: Office) -> None:
    server, user = office.mailbox.server, office.mailbox.user
    office.site.imap("gmail", (server.host, server.port), user, office.mailbox.password, since=None)
    office.deliver(*mails(2000), received_at=datetime.now(UTC) - timedelta(days=400))
    with office.start() as daemon:
        office.wait_for("cases", 2000, timeout=90)
        daemon.hear("arrival.stored", count=2000)
        assert office.count("notices") == 0
        office.deliver(mail())
        daemon.hear("notice.sent", kind="acknowledgement")
        assert office.count("notices", "number NOT IN (SELECT max(number) FROM notices)") == 0
