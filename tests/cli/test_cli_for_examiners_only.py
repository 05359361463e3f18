"""Every command of the catalogue, typed by who is no examiner, about a case that is for the examiners.

A word of its own stands in every field of that case. A command that is not in `CALLS` fails the test.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event as Stop

import click
import pytest

from channels.memory import MemoryChannel
from channels.types import Address, Arrival, Attachment, FollowUp, Message
from classify.types import Medium
from cli.app import build
from cli.catalogue import COMMANDS
from config.init import KEY_NAME
from config.settings import load
from config.texts import Texts
from ingest.answer import Way, answer
from store import Store, staff_mail
from store.bulk import insert_rows
from store.keyring import Keyring
from store.staff_models import StaffMailRow
from store.types import Act, Call, FileToSend, Guest, Intake, Reached, StaffRequest
from testing.accounts import account, acting_as
from tests.cli.conftest import Office, written
from wiring.parts import build as build_parts

EXAMINER, COLLEAGUE = "periksa@kesra.test", "tim@kesra.test"
GRAVE = "Kepala dusun meminta uang pungli untuk tanda tangan bansos, kata qzisi."
MILD = "Lampu jalan di depan balai banjar mati sejak minggu lalu, kata qzisi."
REQUEST = "Mohon data jumlah penerima hibah tahun 2025 untuk penelitian, kata qzisi."
IDENTITY = ("qznama", "qzsurel", "0812777", "qzalamat")
CONTENT = (
    "qzisi", "qzhal", "qzlokasi", "qzkategori", "qzlampiran", "qzlanjut", "qzjawab", "qzberkas",
    "qztelepon", "qzbicara", "qzcatat", "qzalasan", "qzsyarat", "qzgema", "qztolak", "qzinstansi",
    "qzperlu", "qztemu", "pungli",
)  # fmt: skip
N, WHY = "NUMBER", ("--why", "x")
CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "list": ((), (N,), ("qzisi",), ("qznama",), ("qzsurel",), ("--late",), ("--open",)),
    "show": ((N,),),
    "add": (("--medium", "phone", "--text", "Telepon lagi.", "--phone", "08127770001"),),
    "take": ((N,),),
    "note": ((N, "--text", "x"),),
    "assign": ((N, "kesra", *WHY),),
    "confirm": ((N,),),
    "reclassify": ((N, "--tier", "ringan", *WHY), (N, "--kind", "spam", *WHY)),
    "told": ((N,),),
    "answer": ((N, "--text", "x"), (N, "--text", "x", "--way", "telepon")),
    "cancel": ((N,),),
    "deliveries": ((), ("--way", "telepon"), ("--way", "surel")),
    "deliveries done": ((N, "--how", "diposkan"),),
    "deliveries change": ((N, "--way", "cetak"), (N, "--way", "surel"), (N, "--way", "telepon")),
    "calls": ((),),
    "call": ((N, "--result", "tidak-tersambung"),),
    "letter": ((N,), (N, "--pdf", "OUT/surat.pdf"), (N, "--files", "OUT")),
    "receipt": ((N,), (N, "--new-code"), (N, "--pdf", "OUT/terima.pdf")),
    "read": ((N, "ABCDEFGHJ"),),
    "language": ((N,), (N, "inggris")),
    "close": ((N, *WHY),),
    "reopen": ((N, *WHY),),
    "duplicates": ((),),
    "duplicates dismiss": ((N, "OTHER"),),
    "merge": ((N, "OTHER", *WHY), ("OTHER", N, *WHY)),
    "unmerge": ((N, *WHY),),
    "split": ((N, "--preview"), (N, "--part", "1", "--part", "1", *WHY)),
    "unsplit": ((N, *WHY),),
    "requirements": ((N,), (N, "--got", "surat-tugas")),
    "guests add": (("--name", "Tamu", "--purpose", "x", "--number", N),),
    "guests list": ((), ("--month", "MONTH")),
    "guests looks": ((),),
    "calendar": ((),),
    "calendar show": ((),),
    "calendar set": (("TOMORROW", "tutup", *WHY, "--dry-run"), ("TOMORROW", "tutup", *WHY, "--yes")),
    "calendar unset": (("TOMORROW", *WHY, "--yes"),),
    "report": (("--month", "MONTH", "--out", "OUT"),),
    "rules test": ((),),
    "rules explain": (("jalan rusak",),),
    "rules replay": (("--since", "01-01-2026 00.00"),),
    "rules review": ((),),
    "classify": (("jalan rusak",),),
    "inspect": (("OUT/tidak-ada.eml",),),
    "init": (("OUT",),),
    "check": ((),),
    "run": (),  # the daemon: its log and its mails have tests of their own
    "channels": ((),),
    "channels test": ((),),
    "requeue": ((), ("--all",), ("1",)),
    "doctor": (("--offline",), ("--offline", "--deep")),
    "verify": ((), ("--head",)),
    "key new": ((),),
    "key rotate": ((),),
    "key status": ((),),
    "backup": (("OUT/salinan.db",),),
    "restore": (("FOLDER/cadangan.db",),),
    "migrate-store": (("sqlite:///DATABASE", "sqlite:///OUT/lain.db"),),
    "purge": (("--dry-run", "--numbers"), ("--log",), ("--yes",)),
    "keep": ((N, *WHY), (N, "--release", *WHY)),
    "contact": ((N,), (N, "--email", "baru@warga.test", *WHY)),
}  # fmt: skip
LOOKS = ("case.viewed", "identity.viewed", "guest.revealed")
FLAGS = ("--json", "--reveal", "--raw")


def leaves(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something by itself, with its whole name."""
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield name, command
    if isinstance(command, click.Group):
        for part in command.commands.values():
            yield from leaves(part, f"{name} {part.name}")


def catalogue() -> dict[str, click.Command]:
    group = build(Texts("id"))
    context = click.Context(group)
    found = ((name, group.get_command(context, name)) for name in COMMANDS)
    return dict(leaf for name, command in found if command for leaf in leaves(command, name))


ALL = catalogue()


def forms(name: str) -> list[tuple[str, ...]]:
    """A command's calls, each in every form of output the command knows."""
    known = [flag for p in ALL[name].params for flag in p.opts if flag in FLAGS]
    ways: list[tuple[str, ...]] = [(), *((flag,) for flag in known)]
    ways += [("--reveal", other) for other in known if other != "--reveal" and "--reveal" in known]
    return [(*name.split(), *call, *way) for call in CALLS[name] for way in ways]


def message(text: str, **more: object) -> Message:
    return replace(
        Message(
            medium=Medium.EMAIL,
            received_at=datetime.now(UTC),
            sender=Address("Ni Made Qznama", "qzsurel@warga.test"),
            phone="08127770001",
            postal_address="Jalan Qzalamat 7",
            subject="Perihal qzhal",
            text=text,
            reply_text=text,
            message_id="<asli@warga.test>",
            location="Banjar Qzlokasi",
            category="Qzkategori",
            attachments=(Attachment("qzlampiran.pdf", "application/pdf", 3, "0" * 64),),
            followups=(FollowUp(datetime.now(UTC), "Qznama", "lagi qzlanjut"),),
        ),
        **more,  # type: ignore[arg-type]
    )


def plant(office: Office, kind: str) -> tuple[str, str]:
    """Put a case with a word of its own in every field into an office; return it, and one like it."""
    texts = {"grave": GRAVE, "data": REQUEST}
    made = message(texts.get(kind, MILD))
    made = replace(made, secret=kind == "data", anonymous=kind == "data")
    other = replace(made, message_id="<lain@warga.test>", subject="Sekali lagi", sender=Address())
    messages = iter((made, other))
    channel = MemoryChannel(reader=lambda _: next(messages))
    settings = load(office.config, secrets=False)
    parts = build_parts(settings, Texts("id"))
    try:
        channel.push(b"satu qzisi qznama")
        channel.push(b"dua qzisi qznama")
        first, second = (one.number for one in parts.poller.poll(channel, Stop()))
        _work(parts.store, first)
    finally:
        parts.store.close()
    return first, second


def _work(store: Store, number: str) -> None:
    """What staff would add to it."""
    now = datetime.now(UTC)
    ticket = store.ticket(number)
    assert ticket is not None
    store.working.note(number, "ingat qzcatat", who="petugas", now=now)
    store.working.told(number, who="petugas", why="sebab qzalasan", now=now)
    details = {"requirement": "surat-tugas", "state": "got", "note": "surat qzsyarat"}
    store.record(number, "requirement.checked", "petugas", details, now)
    file = FileToSend("qzberkas.pdf", "application/pdf", b"%PDF qzberkas")
    for way in (Way.CALL, Way.MAIL) if ticket.complainant.email else (Way.CALL,):
        if way is Way.MAIL and ticket.complainant.anonymous:
            continue
        answer(store, ticket, "jawaban qzjawab", "petugas", lambda: now, way=way, files=(file,))
    call = Call(Reached.NOT_REACHED, "petugas", "kakak qztelepon", "katanya qzbicara")
    store.answers.called(number, store.answers.waiting_for_a_person(number), call, now)
    for notice in store.due_notices(now + timedelta(minutes=1)):
        store.notice_failed(notice.id, "550 qzsurel@warga.test qztolak", None, now)
    store.guests.add(
        Guest(now, "Qznama", "Qzinstansi", "Qzperlu", "Qztemu", "08127770001", number, "x"), now
    )
    _answer_by_mail(store, number)


def _answer_by_mail(store: Store, number: str) -> None:
    """An answer of staff that waits, and a mail that could not be read."""
    now = datetime.now(UTC)
    channel = MemoryChannel("balasan")
    channel.push(b"balasan qzgema")
    (arrival,) = channel.fetch(store.seen(channel.name))
    request = StaffRequest(Act.ANSWER, "Petugas", EXAMINER, "akan dikirim qzgema")
    intake = Intake(arrival, staff=request)
    with store.staff_mails._database.write() as connection:
        insert_rows(connection, StaffMailRow, [staff_mail.row(connection, number, intake, now)])
    raw = b"\xff qzisi qznama"
    place = replace(arrival.position, item="rusak")
    broken = Arrival("rusak", place, raw, now, len(raw))
    store.commit([Intake(broken, error="staff_mail_stranger")], cursor=None, now=now)


@dataclass(frozen=True)
class Planted:
    """An office with a case of one kind, to be copied for every test."""

    kind: str
    office: Office
    number: str
    other: str

    def copy(self, folder: Path, seat: str) -> Office:
        shutil.copytree(self.office.folder, folder)
        (folder / "OUT").mkdir()
        made = Office(folder)
        made.seat(seat)
        return made

    def said(self, office: Office, call: Sequence[str]) -> str:
        """What a call says: on both outputs, in a crash, and in the files it writes."""
        today = datetime.now(UTC).date()
        places = {
            "NUMBER": self.number,
            "OTHER": self.other,
            "MONTH": f"{today:%Y-%m}",
            "TOMORROW": f"{today + timedelta(days=1):%d-%m-%Y}",
            "OUT": str(office.folder / "OUT"),
            "DATABASE": str(office.database),
            "FOLDER": str(office.folder),
        }
        done = office.run(*(_filled(one, places) for one in call), stdin="")
        crash = "" if isinstance(done.exception, SystemExit | None) else repr(done.exception)
        files = [one for one in (office.folder / "OUT").rglob("*") if one.is_file()]
        wrote = (f"{one.name} {one.read_bytes().decode(errors='replace')}" for one in files)
        text = "\n".join((done.output, crash, *wrote)).lower()
        for file in files:
            file.unlink()
        return text.replace(str(office.folder).lower(), "")


def _filled(given: str, places: dict[str, str]) -> str:
    for name, value in places.items():
        given = given.replace(name, value)
    return given


def viewed(office: Office, number: str) -> set[str]:
    keys = Keyring.parse((office.folder / KEY_NAME).read_text("utf-8"))
    store = Store(f"sqlite:///{office.database}", keyring=keys)
    try:
        ticket = store.ticket(number)
        assert ticket is not None
        return {event.what for event in ticket.events if event.what in LOOKS}
    finally:
        store.close()


def planted_in(folder: Path, kind: str, upgraded: Path) -> Planted:
    written(folder)
    made = Office(folder)
    made.database.parent.mkdir()
    shutil.copy(upgraded, made.database)
    number, other = plant(made, kind)
    store = made.store()
    store.back_up(folder / "cadangan.db")
    store.close()
    return Planted(kind, made, number, other)


@pytest.fixture(scope="module", params=["grave", "data"])
def planted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, upgraded: Path
) -> Planted:
    return planted_in(tmp_path_factory.mktemp("terbatas"), str(request.param), upgraded)


@pytest.fixture(scope="module", params=["grave", "open"])
def looked_at(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, upgraded: Path
) -> Planted:
    return planted_in(tmp_path_factory.mktemp("dilihat"), str(request.param), upgraded)


@pytest.fixture(autouse=True)
def typed_by_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MUARA_LANG", "MUARA_CONFIG", "MUARA_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in acting_as(account()).items():
        monkeypatch.setenv(name, value)


def test_every_command_is_in_the_table() -> None:
    assert set(ALL) - set(CALLS) == set()


@pytest.mark.parametrize("name", ALL)
def test_who_is_no_examiner_sees_nothing_of_a_case_for_examiners(
    planted: Planted, name: str, tmp_path: Path
) -> None:
    office = planted.copy(tmp_path / "kantor", COLLEAGUE)
    for call in (*forms(name), ("show", N, "--reveal", "--json")):
        said = planted.said(office, call)
        unsaid = [word for word in (*CONTENT, *IDENTITY) if word not in " ".join(call)]
        found = [word for word in unsaid if word in said]
        assert not found, f"{name}, {call}: {found}\n{said}"
    if name != "restore":
        assert viewed(office, planted.number) == set()


@pytest.mark.parametrize("name", ALL)
def test_whoever_is_shown_something_is_in_the_history(
    looked_at: Planted, name: str, tmp_path: Path
) -> None:
    seat = COLLEAGUE if looked_at.kind == "open" else EXAMINER
    words = IDENTITY if looked_at.kind == "open" else (*CONTENT, *IDENTITY)
    office = looked_at.copy(tmp_path / "kantor", seat)
    for call in forms(name):
        shutil.copy(looked_at.office.database, office.database)
        said = looked_at.said(office, call)
        shown = [word for word in words if word in said and word not in " ".join(call)]
        assert not shown or viewed(office, looked_at.number), f"{call}: {shown}\n{said}"
