"""Sending mail, against a real SMTP server that can be told to misbehave."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from channels.errors import Permanent, Temporary
from channels.smtp import Mailer, SmtpSettings
from channels.smtp_errors import Refused
from config.texts import LANGUAGES, Texts
from testing.certificates import Authority
from testing.smtp_sink import SmtpSink


@dataclass
class Password:
    value: str = "rahasia"

    def reveal(self) -> str:
        return self.value


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as running:
        yield running


def settings(port: int, **changes: object) -> SmtpSettings:
    plain = SmtpSettings(
        "127.0.0.1", port, "kesra@buleleng.test", "Meja Pengaduan", security="plain", timeout=2
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def letter(subject: str = "Pengaduan baru") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["To"] = "tim@buleleng.test"
    message["Message-ID"] = "<MR-1.team_new@muara.test>"
    message.set_content("Jalan rusak.\n.\nSelesai.\n")
    return message


@contextmanager
def scripted(*replies: bytes, pause: float = 0) -> Iterator[int]:
    """A server that says ``replies`` one after another, a byte every ``pause`` s, then goes silent."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def talk() -> None:
        connection, _ = listener.accept()
        with connection:
            for reply in replies:
                step = 1 if pause else len(reply)
                for start in range(0, len(reply), step):
                    try:
                        connection.sendall(reply[start : start + step])
                    except OSError:
                        return
                    done.wait(pause)
            done.wait(20)

    thread = threading.Thread(target=talk)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        done.set()
        thread.join()
        listener.close()


def test_a_message_arrives_whole_with_its_envelope(sink: SmtpSink) -> None:
    Mailer(settings(sink.port)).send(letter(), "tim@buleleng.test")
    (received,) = sink.received
    assert received.sender == "kesra@buleleng.test"
    assert received.recipients == ("tim@buleleng.test",)
    assert received.message["From"] == "Meja Pengaduan <kesra@buleleng.test>"
    assert received.message["Message-ID"] == "<MR-1.team_new@muara.test>"
    assert received.message["Date"].datetime.tzinfo is not None
    assert received.message.get_content().splitlines() == ["Jalan rusak.", ".", "Selesai."]


def test_the_given_message_stays_as_it_was(sink: SmtpSink) -> None:
    message = letter()
    before = message.as_bytes()
    Mailer(settings(sink.port)).send(message, "tim@buleleng.test")
    assert message.as_bytes() == before


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted_and_signed_in(security: str, authority: Authority) -> None:
    login = {"username": "kesra", "password": "rahasia"}
    certificate = authority.sign()
    with SmtpSink(security=security, certificate=certificate, **login) as sink:  # type: ignore[arg-type]
        mailer = Mailer(
            settings(
                sink.port,
                host="localhost",
                security=security,
                ca_file=str(authority.ca_file),
                username="kesra",
                password=Password(),
            )
        )
        mailer.check()
        assert sink.received == []
        mailer.send(letter(), "tim@buleleng.test")
        assert len(sink.received) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("fault", ["expired", "other name", "unknown authority"])
def test_a_bad_certificate_is_temporary_and_nothing_is_sent(
    security: str, fault: str, authority: Authority
) -> None:
    certificate = authority.sign(
        "mail.elsewhere.test" if fault == "other name" else "localhost", expired=fault == "expired"
    )
    trusted = None if fault == "unknown authority" else str(authority.ca_file)
    with SmtpSink(security=security, certificate=certificate) as sink:  # type: ignore[arg-type]
        mailer = Mailer(settings(sink.port, host="localhost", security=security, ca_file=trusted))
        with pytest.raises(Temporary) as caught:
            mailer.send(letter(), "tim@buleleng.test")
        assert caught.value.code == "smtp_certificate"
        assert sink.received == []


def test_a_wrong_password_is_permanent_and_stays_out_of_the_error(authority: Authority) -> None:
    with SmtpSink(username="kesra", password="rahasia") as sink:
        wrong = settings(sink.port, username="kesra", password=Password("SalahSekali"))
        with pytest.raises(Permanent) as caught:
            Mailer(wrong).send(letter(), "tim@buleleng.test")
    assert caught.value.code == "smtp_login_refused"
    assert not isinstance(caught.value, Refused)
    assert "SalahSekali" not in str(caught.value)
    assert "SalahSekali" not in repr(caught.value.__cause__)


def test_a_server_that_wants_a_login_we_have_not_is_permanent() -> None:
    with SmtpSink(username="kesra", password="rahasia") as sink:
        with pytest.raises(Permanent) as caught:
            Mailer(settings(sink.port)).send(letter(), "tim@buleleng.test")
        assert caught.value.code == "smtp_login_needed"


def test_no_fall_back_to_plain_where_starttls_is_missing(sink: SmtpSink) -> None:
    mailer = Mailer(settings(sink.port, security="starttls"))
    with pytest.raises(Permanent) as caught:
        mailer.send(letter(), "tim@buleleng.test")
    assert caught.value.code == "smtp_not_offered"
    assert sink.received == []


def test_no_login_where_none_is_offered(sink: SmtpSink) -> None:
    mailer = Mailer(settings(sink.port, username="kesra", password=Password("kata-sandi-é")))
    with pytest.raises(Permanent, match="smtp_login_not_ascii"):
        mailer.send(letter(), "tim@buleleng.test")


@pytest.mark.parametrize(
    ("where", "reply", "kind", "code"),
    [
        ("sender", "550 5.7.1 not your address", Permanent, "smtp_sender_refused"),
        ("sender", "552 5.3.4 too big", Refused, "smtp_message_refused"),
        ("recipient", "550 5.1.1 no such user", Refused, "smtp_recipient_refused"),
        ("recipient", "450 4.2.0 greylisted", Temporary, "smtp_busy"),
        ("recipient", "530 5.7.0 log in first", Permanent, "smtp_login_needed"),
        ("data", "554 5.7.1 looks like spam", Refused, "smtp_message_refused"),
        ("data", "451 4.3.0 try again later", Temporary, "smtp_busy"),
        ("data", "421 4.3.2 shutting down", Temporary, "smtp_busy"),
    ],
)
def test_the_servers_answer_decides_what_to_do_next(
    sink: SmtpSink, where: str, reply: str, kind: type[Exception], code: str
) -> None:
    setattr(sink.faults, where, reply)
    with pytest.raises(kind) as caught:
        Mailer(settings(sink.port)).send(letter(), "tim@buleleng.test")
    assert type(caught.value) is kind
    assert caught.value.code == code  # type: ignore[attr-defined]
    assert caught.value.values["reply"] == reply  # type: ignore[attr-defined]


def test_dropping_before_the_last_word_is_temporary(sink: SmtpSink) -> None:
    sink.faults.drop_after_data = True
    with pytest.raises(Temporary, match="smtp_dropped"):
        Mailer(settings(sink.port)).send(letter(), "tim@buleleng.test")


def test_a_batch_uses_one_connection(sink: SmtpSink) -> None:
    with Mailer(settings(sink.port)) as mailer:
        for _ in range(3):
            mailer.send(letter(), "tim@buleleng.test")
    assert len({received.connection for received in sink.received}) == 1
    Mailer(settings(sink.port)).send(letter(), "tim@buleleng.test")
    assert len({received.connection for received in sink.received}) == 2


def test_a_refused_recipient_does_not_stop_the_batch(sink: SmtpSink) -> None:
    sink.faults.recipients["lama@buleleng.test"] = "550 5.1.1 gone"
    with Mailer(settings(sink.port)) as mailer:
        with pytest.raises(Refused):
            mailer.send(letter(), "lama@buleleng.test")
        mailer.send(letter(), "tim@buleleng.test")
    assert [received.recipients for received in sink.received] == [("tim@buleleng.test",)]


def test_a_batch_reconnects_when_the_server_comes_back(sink: SmtpSink) -> None:
    with Mailer(settings(sink.port)) as mailer:
        mailer.send(letter(), "tim@buleleng.test")
        with sink.down(), pytest.raises(Temporary, match="smtp_unreachable"):
            mailer.send(letter(), "tim@buleleng.test")
        mailer.send(letter(), "tim@buleleng.test")
    assert len(sink.received) == 2


def test_an_unknown_host_is_temporary() -> None:
    for host in ("no-such-host.invalid", "a..b"):
        with pytest.raises(Temporary, match="smtp_unknown_host"):
            Mailer(settings(25, host=host)).send(letter(), "tim@buleleng.test")


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(scripted, id="silent"),
        pytest.param(lambda: scripted(b"220 slow" + b"." * 500, pause=0.1), id="drip-feeding"),
        pytest.param(lambda: scripted(b"220 hello\r\n"), id="silent after greeting"),
        pytest.param(lambda: scripted(b"220-more\r\n" * 100, pause=0.05), id="endless greeting"),
    ],
)
def test_a_hanging_server_is_left_within_the_timeout_plus_one_second(
    server: Callable[[], "contextmanager[int]"],  # type: ignore[valid-type]
) -> None:
    with server() as port:  # type: ignore[attr-defined]
        start = time.monotonic()
        with pytest.raises(Temporary, match="smtp_timeout"):
            Mailer(settings(port, timeout=1)).send(letter(), "tim@buleleng.test")
        assert time.monotonic() - start < 2


@pytest.mark.parametrize(
    ("greeting", "kind", "code"),
    [(b"554 go away\r\n", Permanent, "smtp_refused"), (b"421 later\r\n", Temporary, "smtp_busy")],
)
def test_a_greeting_that_is_none(greeting: bytes, kind: type[Exception], code: str) -> None:
    with scripted(greeting) as port, pytest.raises(kind, match=code):
        Mailer(settings(port)).send(letter(), "tim@buleleng.test")


def test_a_slow_answer_to_data_is_temporary(sink: SmtpSink) -> None:
    sink.faults.delay = 3
    with pytest.raises(Temporary, match="smtp_timeout"):
        Mailer(settings(sink.port, timeout=1)).send(letter(), "tim@buleleng.test")


def test_speaking_tls_to_a_plain_port_is_temporary(sink: SmtpSink) -> None:
    with pytest.raises(Temporary) as caught:
        Mailer(settings(sink.port, security="tls")).send(letter(), "tim@buleleng.test")
    assert caught.value.code == "smtp_tls"


def test_a_missing_authority_file_is_permanent(tmp_path: Path) -> None:
    mailer = Mailer(settings(25, security="tls", ca_file=str(tmp_path / "none.pem")))
    with pytest.raises(Permanent, match="smtp_ca_file"):
        mailer.send(letter(), "tim@buleleng.test")


def test_the_greeting_is_a_host_name_or_an_address_literal(sink: SmtpSink) -> None:
    Mailer(settings(sink.port)).send(letter(), "tim@buleleng.test")
    assert "." in sink.hello
    assert sink.hello == "[127.0.0.1]" or "[" not in sink.hello


@pytest.mark.parametrize(
    "recipient", ["", "tim", "a@b\r\nDATA", "a@b, c@d", "<a@b>", "a b@c", "@b", "a@"]
)
def test_what_is_no_address_is_refused_before_connecting(recipient: str) -> None:
    with pytest.raises(Refused, match="smtp_bad_recipient"):
        Mailer(settings(1)).send(letter(), recipient)


def test_a_domain_in_other_letters_travels_in_idna_form(sink: SmtpSink) -> None:
    message = letter()
    message.replace_header("To", "Ketut <ketut@désa.test>")
    Mailer(settings(sink.port)).send(message, "ketut@désa.test")
    (received,) = sink.received
    assert received.recipients == ("ketut@xn--dsa-bma.test",)
    assert received.message["To"] == "Ketut <ketut@xn--dsa-bma.test>"
    assert received.raw.isascii()


def test_a_mailbox_in_other_letters_needs_smtputf8(sink: SmtpSink) -> None:
    message = letter()
    message.replace_header("To", "kétut@desa.test")
    Mailer(settings(sink.port)).send(message, "kétut@desa.test")
    assert sink.received[0].recipients == ("kétut@desa.test",)
    assert "kétut@desa.test".encode() in sink.received[0].raw
    with SmtpSink(smtputf8=False) as old, pytest.raises(Refused, match="smtp_no_utf8"):
        Mailer(settings(old.port)).send(message, "kétut@desa.test")


def test_every_error_code_has_its_sentence() -> None:
    values = {"host": "h", "port": "1", "reply": "r", "recipient": "a", "reason": "x", "file": "f"}
    for language in LANGUAGES:
        for code in Texts(language).part("errors"):
            if code.startswith("smtp_"):
                assert Texts(language)(f"errors.{code}", **values)
