from store.types import Fate, NoticeState, Ticket
from testing.daemon import EXAMINER, TEAM
from tests.ingest.workshop import CITIZEN, GRAVE, Workshop, body, mail


def sent_to(shop: Workshop, ticket: Ticket, address: str) -> str:
    """The Message-ID of what we wrote to somebody about a case."""
    notices = shop.store.notices(ticket.number)
    return next(one.message_id for one in notices if one.recipient == address)


def test_a_reply_to_our_acknowledgement_joins_its_case_and_the_team_is_told(
    shop: Workshop,
) -> None:
    ticket = shop.opened()
    shop.send()
    reply = shop.mail("Saya lampirkan buktinya.", In_Reply_To=sent_to(shop, ticket, CITIZEN))
    (outcome,) = shop.receive(reply)
    assert (outcome.fate, outcome.number) == (Fate.REPLIED, ticket.number)
    (letter,) = shop.send()
    assert letter.recipients == (TEAM,)
    assert "Saya lampirkan buktinya." in body(letter.message)


def test_a_reply_is_found_by_its_references_too(shop: Workshop) -> None:
    ticket = shop.opened()
    chain = f"<lain@warga.test> {sent_to(shop, ticket, CITIZEN)}"
    assert shop.receive(shop.mail(References=chain))[0].fate is Fate.REPLIED


def test_a_stranger_who_quotes_our_mail_does_not_get_into_the_case(shop: Workshop) -> None:
    ticket = shop.opened()
    stolen = sent_to(shop, ticket, CITIZEN)
    (outcome,) = shop.receive(shop.mail(sender="asing@lain.test", In_Reply_To=stolen))
    assert outcome.fate is Fate.CASE
    assert outcome.number != ticket.number


def test_a_number_in_the_subject_proves_nothing(shop: Workshop) -> None:
    ticket = shop.opened()
    for sender in (CITIZEN, "asing@lain.test"):
        (outcome,) = shop.receive(shop.mail(sender=sender, Subject=f"Re: [{ticket.number}]"))
        assert outcome.fate is Fate.CASE
        assert outcome.number != ticket.number


def test_a_reply_that_comes_in_twice_tells_the_team_once(shop: Workshop) -> None:
    ticket = shop.opened()
    reply = shop.mail("Mohon kabar.", In_Reply_To=sent_to(shop, ticket, CITIZEN))
    fates = [
        shop.receive(reply)[0].fate,
        shop.receive(reply, channel=shop.channel("webmail"))[0].fate,
    ]
    assert fates == [Fate.REPLIED, Fate.MERGED]
    assert shop.notices(ticket)["team_reply"] == [TEAM]


def test_staff_replying_to_a_notice_leaves_a_note_and_opens_no_case(shop: Workshop) -> None:
    ticket = shop.opened()
    shop.send()
    note = shop.mail("Sudah saya telepon.", TEAM, In_Reply_To=sent_to(shop, ticket, TEAM))
    (outcome,) = shop.receive(note)
    assert (outcome.fate, outcome.number) == (Fate.REPLIED, ticket.number)
    shop.work()
    event = shop.ticket(ticket.number).events[-1]
    assert (event.what, event.who) == ("staff.noted", f"{TEAM} (pengirim tidak terbukti)")
    assert event.details == {"text": "Sudah saya telepon.", "via": "mail"}
    assert len(shop.cases()) == 1
    assert [one.recipients for one in shop.send()] == [(TEAM,)]


def test_a_reply_in_a_restricted_case_goes_to_the_examiners_alone(shop: Workshop) -> None:
    ticket = shop.opened(GRAVE)
    shop.send()
    shop.receive(shop.mail("Uangnya ini buktinya.", In_Reply_To=sent_to(shop, ticket, CITIZEN)))
    assert [one.recipients for one in shop.send()] == [(EXAMINER,)]


def test_a_reply_from_behind_a_web_form_joins_too(shop: Workshop) -> None:
    headers = {"From": "Formulir <no-reply@kab.test>", "Reply_To": CITIZEN}
    ticket = shop.opened(sender="", **headers)
    reply = shop.mail("Terima kasih.", In_Reply_To=sent_to(shop, ticket, CITIZEN))
    (outcome,) = shop.receive(reply)
    assert outcome.fate is Fate.REPLIED
    assert shop.ticket(ticket.number).events[-1].what == "complainant.replied"


def test_a_bounce_of_our_acknowledgement_marks_it_undelivered_and_sends_nothing(
    shop: Workshop,
) -> None:
    ticket = shop.opened()
    shop.send()
    shop.receive(bounce(sent_to(shop, ticket, CITIZEN)))
    states = {one.recipient: one.state for one in shop.store.notices(ticket.number)}
    assert states == {TEAM: NoticeState.SENT, CITIZEN: NoticeState.UNDELIVERED}
    assert shop.ticket(ticket.number).events[-1].what == "notice.undelivered"
    assert len(shop.cases()) == 1
    assert shop.send() == []


def bounce(message_id: str) -> bytes:
    report = (
        "--b\r\nContent-Type: text/plain\r\n\r\nUndelivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {CITIZEN}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\n"
        "Subject: x\r\n\r\nx\r\n--b--\r\n"
    )
    return mail(
        report,
        "mailer-daemon@mx.test",
        Subject="Undelivered Mail Returned to Sender",
        Content_Type='multipart/report; report-type=delivery-status; boundary="b"',
        References=message_id,
    )
