"""How mail programs quote our notice in a reply: what the complainant gets of it."""

import html
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from testing.daemon import TEAM
from tests.ingest.staff_shop import SERVER, StaffShop, plain
from tests.ingest.workshop import body

SAID = "Dana hibah cair hari Senin.\nBawa KTP asli ke loket 3."
KESRA = "Bagian Kesra <kesra@kantor.test>"


def quoted(notice: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in notice.splitlines())


def page(said: str, rest: str) -> str:
    return f"<html><body><div>{said.replace(chr(10), '<br>')}</div>{rest}</body></html>"


def gmail(notice: str) -> str:
    lines = html.escape(notice).replace("\n", "<br>\n")
    return (
        '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Pada Sel, 24 Nov 2026 pukul 10.00 '
        'Bagian Kesra &lt;<a href="mailto:kesra@kantor.test">kesra@kantor.test</a>&gt; menulis:<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0px">{lines}</blockquote></div>'
    )


def outlook(notice: str) -> str:
    lines = html.escape(notice).replace("\n", "<br>\n")
    return (
        '<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg"><font><b>Dari:</b> Bagian Kesra '
        "&lt;kesra@kantor.test&gt;<br><b>Dikirim:</b> Selasa, 24 November 2026 10.00<br><b>Kepada:</b> "
        f"tim@kantor.test<br><b>Perihal:</b> [MR] Pengaduan baru</font></div><div>{lines}</div>"
    )


PLAIN: dict[str, Callable[[str], str]] = {
    "Gmail, above": lambda n: f"{SAID}\n\nPada Sel, 24 Nov 2026 pukul 10.00 {KESRA} menulis:\n\n{quoted(n)}\n",
    "Gmail, above, attribution in two lines": lambda n: (
        f"{SAID}\n\nPada Sel, 24 Nov 2026 pukul 10.00 Bagian Kesra <\nkesra@kantor.test> menulis:\n\n{quoted(n)}"
    ),
    "Gmail on a telephone, in English": lambda n: (
        f"{SAID}\n\nOn Tue, Nov 24, 2026, 10:00 AM {KESRA} wrote:\n\n{quoted(n)}"
    ),
    "Gmail, below": lambda n: f"Pada Sel, 24 Nov 2026 pukul 10.00 {KESRA} menulis:\n{quoted(n)}\n\n{SAID}\n",
    "Gmail, with its own signature": lambda n: (
        f"{SAID}\n\n-- \nI Made Sutama\nKasubbag\n\nPada Sel, 24 Nov 2026 pukul 10.00 {KESRA} menulis:\n\n{quoted(n)}"
    ),
    "Thunderbird, below, with a signature": lambda n: (
        f"Pada 24/11/26 10.00, Bagian Kesra menulis:\n{quoted(n)}\n\n{SAID}\n\n-- \nI Made Sutama\nHP 0812 3456 7890\n"
    ),
    "Thunderbird, between the lines": lambda n: (
        f"Pada 24/11/26 10.00, Bagian Kesra menulis:\n{quoted(n[:300])}\n\nDana hibah cair hari Senin.\n\n"
        f"{quoted(n[300:])}\n\nBawa KTP asli ke loket 3.\n"
    ),
    "Outlook in Indonesian": lambda n: (
        f"{SAID}\n\nDari: {KESRA}\nDikirim: Selasa, 24 November 2026 10.00\nKepada: tim@kantor.test\n"
        f"Perihal: [MR] Pengaduan baru\n\n{n}"
    ),
    "Outlook in Indonesian, bold fields": lambda n: (
        f"{SAID}\n\n*Dari:* {KESRA}\n*Dikirim:* Selasa, 24 November 2026 10:00\n*Kepada:* tim@kantor.test\n"
        f"*Subjek:* [MR] Pengaduan baru\n\n{n}"
    ),
    "Outlook in English": lambda n: (
        f"{SAID}\n\nFrom: {KESRA}\nSent: Tuesday, November 24, 2026 10:00 AM\nTo: tim@kantor.test\n"
        f"Subject: [MR] Pengaduan baru\n\n{n}"
    ),
    "Outlook on the web": lambda n: (
        f"{SAID}\n\n________________________________\nDari: {KESRA}\nDikirim: Selasa, 24 November 2026 10.00\n"
        f"Kepada: tim@kantor.test\nSubjek: [MR] Pengaduan baru\n\n{n}"
    ),
    "Outlook on a telephone": lambda n: (
        f"{SAID}\n\nDapatkan Outlook untuk Android<https://aka.ms/x>\n________________________________\n"
        f"From: {KESRA}\nSent: Tuesday, November 24, 2026 10:00:00 AM\nTo: tim@kantor.test\nSubject: x\n\n{n}"
    ),
    "iPhone in Indonesian": lambda n: (
        f"{SAID}\n\nDikirim dari iPhone saya\n\n> Pada 24 Nov 2026, pukul 10.00, {KESRA} menulis:\n> \n{quoted(n)}"
    ),
    "iPhone in English": lambda n: (
        f"{SAID}\n\nSent from my iPhone\n\n> On 24 Nov 2026, at 10.00, {KESRA} wrote:\n> \n{quoted(n)}"
    ),
    "Apple Mail": lambda n: f"{SAID}\n\n> On Nov 24, 2026, at 10:00 AM, {KESRA} wrote:\n> \n{quoted(n)}",
    "Samsung": lambda n: (
        f"{SAID}\n\nDikirim dari perangkat Galaxy saya\n\n\n-------- Pesan asli --------\nDari: {KESRA}\n"
        f"Tanggal: 24/11/26 10.00 (GMT+08:00)\nKe: tim@kantor.test\nSubjek: x\n\n{n}"
    ),
    "Xiaomi": lambda n: (
        f"{SAID}\n\nDikirim dari Xiaomi saya\n{KESRA} pada 24 Nov 2026 10.00 menulis:\n{quoted(n)}"
    ),
    "Yahoo": lambda n: (
        f"{SAID}\n\nDikirim dari Yahoo Mail di Android \n \n  Pada Sel, 24 Nov 2026 pada 10.00, {KESRA} menulis:   \n{n}"
    ),
    "Roundcube": lambda n: f"{SAID}\n\nPada 2026-11-24 10:00, Bagian Kesra menulis:\n{quoted(n)}",
    "Roundcube, below": lambda n: f"Pada 2026-11-24 10:00, Bagian Kesra menulis:\n{quoted(n)}\n\n{SAID}",
    "Zimbra": lambda n: (
        f'{SAID}\n\n----- Pesan Asli -----\nDari: "Bagian Kesra" <kesra@kantor.test>\nKepada: tim@kantor.test\n'
        f"Terkirim: Selasa, 24 November 2026 10:00:00\nPerihal: [MR] Pengaduan baru\n\n{n}"
    ),
    "KMail": lambda n: (
        f"{SAID}\n\nSelasa, 24 November 2026 10.00.00 WITA Bagian Kesra menulis:\n{quoted(n)}"
    ),
    "SquirrelMail": lambda n: f"{SAID}\n\n> {n.splitlines()[0]}\n{quoted(n)}",
    "QQ Mail": lambda n: (
        f'{SAID}\n\n\n------------------ Original ------------------\nFrom: "Bagian Kesra"\n'
        f'Date: Tue, Nov 24, 2026 10:00 AM\nTo: "tim"\nSubject: x\n\n{n}'
    ),
    "a legal footer": lambda n: (
        f"{SAID}\n\nPada Sel, 24 Nov 2026 pukul 10.00 {KESRA} menulis:\n{quoted(n)}\n\n"
        "_____\nDISCLAIMER: Email ini dan lampirannya bersifat rahasia dan hanya ditujukan kepada penerima yang\n"
        "dimaksud. Bila Anda bukan penerima yang dituju, hapuslah email ini.\n"
    ),
    "a legal footer above the quotation": lambda n: (
        f"{SAID}\n\nThis e-mail is confidential and intended solely for the addressee.\nDo not print it.\n\n"
        f"On Tue, Nov 24, 2026 at 10:00 AM {KESRA} wrote:\n\n{quoted(n)}"
    ),
    "a signature without a mark": lambda n: (
        f"{SAID}\n\nHormat kami,\n\nI Made Sutama, S.E.\nKasubbag Bina Mental\nHP 0812 3456 7890\n\n"
        f"Pada Sel, 24 Nov 2026 pukul 10.00 {KESRA} menulis:\n\n{quoted(n)}"
    ),
    "a name and a number below the text": lambda n: (
        f"{SAID}\n\nMade Sutama\nTelp. (0362) 21985\n\nDari: {KESRA}\nDikirim: Selasa, 24 November 2026 10.00\n"
        f"Kepada: tim@kantor.test\nPerihal: x\n\n{n}"
    ),
    "no quotation at all": lambda _: SAID,
    "lines that end as on Windows": lambda n: f"{SAID}\n\nOn 24/11/2026 10:00, Kesra wrote:\n{quoted(n)}".replace("\n", "\r\n"),
}  # fmt: skip
PAGES: dict[str, Callable[[str], str]] = {
    "Gmail as a page": lambda n: page(SAID, gmail(n)),
    "Outlook as a page": lambda n: page(SAID, outlook(n)),
    "Outlook as a page, with a telephone's line": lambda n: page(
        SAID, "<div><a href='https://aka.ms/x'>Dapatkan Outlook untuk iOS</a></div>" + outlook(n)
    ),
    "Apple Mail as a page": lambda n: page(
        SAID,
        "<br><div><blockquote type='cite'><div>Pada 24 Nov 2026, pukul 10.00, Bagian Kesra &lt;kesra@kantor.test&gt; "
        f"menulis:</div><br><div>{html.escape(n).replace(chr(10), '<br>')}</div></blockquote></div>",
    ),
    "a page with a small letterhead": lambda n: page(
        SAID, f"<div>-- <br>I Made Sutama<br>HP 0812<img src='cid:a'></div>{gmail(n)}"
    ),
}  # fmt: skip


def answer_of(staff: StaffShop, make: Callable[[str], str], kind: str) -> tuple[list[str], str]:
    ticket = staff.opened()
    staff.send()
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Tim <{TEAM}>", "kesra@kantor.test"
    mail["Subject"] = f"Re: [{ticket.number}]"
    mail["Message-ID"] = "<balasan@kantor.test>"
    mail["In-Reply-To"] = staff.notice(ticket).message_id
    mail["Authentication-Results"] = f"{SERVER}; dmarc=pass header.from=kantor.test"
    mail.set_content(make(plain(body(staff.letter("team_new")))), subtype=kind)
    staff.hear(mail.as_bytes())
    staff.settle()
    return staff.answers(ticket), staff.told()


@pytest.mark.parametrize("make", PLAIN.values(), ids=PLAIN.keys())
def test_only_what_was_typed_reaches_the_complainant(
    staff: StaffShop, make: Callable[[str], str]
) -> None:
    answers, told = answer_of(staff, make, "plain")
    assert [" ".join(one.split()) for one in answers] == [" ".join(SAID.split())], told


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES.keys())
def test_only_what_was_typed_into_a_page_reaches_the_complainant(
    staff: StaffShop, make: Callable[[str], str]
) -> None:
    answers, told = answer_of(staff, make, "html")
    assert [" ".join(one.split()) for one in answers] == [" ".join(SAID.split())], told


UNKNOWN: dict[str, Callable[[str], str]] = {
    "the whole notice below without any mark": lambda n: f"{SAID}\n\n{n}",
    "another mark of quotation": lambda n: f"{SAID}\n\n" + "\n".join(f"| {x}" for x in n.split("\n")),
    "a part of it": lambda n: f"{SAID}\n\n{n[n.index('Mengapa') :]}",
    "a mail that is passed on": lambda n: f"{SAID}\n\n---------- Forwarded message ---------\nFrom: a\n\n{n}",
}  # fmt: skip


@pytest.mark.parametrize("make", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_may_hold_our_notice_is_not_sent(staff: StaffShop, make: Callable[[str], str]) -> None:
    answers, told = answer_of(staff, make, "plain")
    assert answers == []
    assert "tidak dikirim kepada pelapor" in told
