"""Connecting and signing in, on a real Dovecot: TLS, passwords, access tokens, and what goes wrong with them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from channels import imap
from channels.errors import ChannelError, Permanent, Temporary
from channels.imap import ImapChannel, ImapSettings, OAuthAuth
from config.texts import Texts
from testing.certificates import Authority
from testing.dovecot import Dovecot, available
from testing.require import require
from testing.token_server import TokenServer
from tests.channels.contract import Ledger
from tests.channels.imap_help import Known, explained, mail, password, settings
from tests.conftest import Mailbox


def channel_for(mailbox: Mailbox, **changes: object) -> ImapChannel:
    return ImapChannel("surel", settings(mailbox.server, mailbox.user, **changes))


def error_of(channel: ImapChannel) -> ChannelError:
    with pytest.raises(ChannelError) as raised:
        channel.check()
    return explained(raised.value)


@pytest.mark.parametrize("security", ["tls", "starttls", "plain"])
def test_mail_is_fetched_over_each_kind_of_connection(mailbox: Mailbox, security: str) -> None:
    mailbox.deliver(mail("jalan rusak"))
    port = mailbox.server.tls_port if security == "tls" else mailbox.server.port
    channel = channel_for(mailbox, security=security, port=port)
    assert len(list(channel.fetch(Ledger()))) == 1
    channel.close()


def test_checking_opens_every_folder_and_leaves_nothing_open(mailbox: Mailbox) -> None:
    mailbox.server.create(mailbox.user, "Laporan")
    channel_for(mailbox, folders=("INBOX", "Laporan")).check()


def test_a_wrong_password_is_permanent(mailbox: Mailbox) -> None:
    error = error_of(channel_for(mailbox, auth=password("salah")))
    assert isinstance(error, Permanent)
    assert error.code == "imap_login_refused"
    assert "salah" not in str(error)


@pytest.mark.parametrize("odd", ["kata sandi", 'tanda"kutip\\', "sandi-é-ü", ""])
def test_an_odd_password_is_refused_like_any_other(mailbox: Mailbox, odd: str) -> None:
    assert error_of(channel_for(mailbox, auth=password(odd))).code == "imap_login_refused"


@pytest.mark.parametrize("odd", ["kata sandi", 'tanda"kutip\\', "sandi-é-ü", "{5}"])
def test_an_odd_password_works(odd: str) -> None:
    require("Dovecot", available())
    with Dovecot({"wayan": odd}) as server:
        ImapChannel("surel", settings(server, "wayan")).check()


def test_an_unknown_host_is_temporary(mailbox: Mailbox) -> None:
    error = error_of(channel_for(mailbox, host="surel.tidak-ada.invalid"))
    assert isinstance(error, Temporary)
    assert error.code == "imap_unknown_host"


def test_a_refused_connection_is_temporary(mailbox: Mailbox) -> None:
    error = error_of(channel_for(mailbox, port=1))
    assert isinstance(error, Temporary)
    assert error.code == "imap_connection_refused"


def test_tls_to_a_port_without_it_is_permanent(mailbox: Mailbox) -> None:
    error = error_of(channel_for(mailbox, port=mailbox.server.port))
    assert isinstance(error, Permanent)
    assert error.code == "imap_tls"


def test_an_untrusted_certificate_is_permanent(mailbox: Mailbox) -> None:
    error = error_of(channel_for(mailbox, ca_file=None))
    assert isinstance(error, Permanent)
    assert error.code == "imap_certificate_untrusted"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_expired_certificate_is_permanent(authority: Authority, security: str) -> None:
    require("Dovecot", available())
    with Dovecot({"a": "b"}, certificate=authority.sign(expired=True)) as server:
        port = server.tls_port if security == "tls" else server.port
        error = error_of(ImapChannel("surel", settings(server, "a", port=port, security=security)))
    assert isinstance(error, Permanent)
    assert error.code == "imap_certificate_expired"


def test_a_certificate_of_another_host_is_permanent(authority: Authority) -> None:
    require("Dovecot", available())
    with Dovecot({"a": "b"}, certificate=authority.sign("surel.kab.test")) as server:
        error = error_of(ImapChannel("surel", settings(server, "a")))
    assert isinstance(error, Permanent)
    assert error.code == "imap_certificate_name"


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_file_that_cannot_be_used_is_permanent(
    mailbox: Mailbox, tmp_path: Path, content: str | None
) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)
    error = error_of(channel_for(mailbox, ca_file=str(ca_file)))
    assert isinstance(error, Permanent)
    assert error.code == "imap_ca_file"


def test_a_missing_folder_is_permanent_and_named(mailbox: Mailbox) -> None:
    error = error_of(channel_for(mailbox, folders=("INBOX", "Tidak Ada")))
    assert isinstance(error, Permanent)
    assert error.code == "imap_no_folder"
    assert error.values["folder"] == "Tidak Ada"


def test_a_folder_without_permission_is_permanent(mailbox: Mailbox) -> None:
    mailbox.server.create(mailbox.user, "Rahasia")
    mailbox.server.deny(mailbox.user, "Rahasia")
    error = error_of(channel_for(mailbox, folders=("Rahasia",)))
    assert isinstance(error, Permanent)
    assert error.code == "imap_no_permission"


# XOAUTH2


@pytest.fixture
def tokens(mailbox: Mailbox) -> Iterator[TokenServer]:
    with TokenServer(lambda: mailbox.server.token(mailbox.user), "izin") as server:
        yield server


def oauth(server: TokenServer, refresh_token: str = "izin", client_id: str = "muara") -> OAuthAuth:
    return OAuthAuth(client_id, Known("rahasia"), Known(refresh_token), server.uri)


def by_token(mailbox: Mailbox, auth: OAuthAuth) -> ImapSettings:
    return settings(mailbox.server, mailbox.user, auth=auth)


def test_mail_is_fetched_with_an_access_token(mailbox: Mailbox, tokens: TokenServer) -> None:
    mailbox.deliver(mail("jalan rusak"))
    channel = ImapChannel("gmail", by_token(mailbox, oauth(tokens)))
    for _ in range(2):
        assert len(list(channel.fetch(Ledger()))) == 1
        channel.close()
    assert tokens.asked == ["izin"]


def test_a_withdrawn_permission_is_permanent(mailbox: Mailbox, tokens: TokenServer) -> None:
    error = error_of(ImapChannel("gmail", by_token(mailbox, oauth(tokens, "dicabut"))))
    assert isinstance(error, Permanent)
    assert error.code == "imap_oauth_revoked"


def test_an_unknown_client_is_permanent(mailbox: Mailbox, tokens: TokenServer) -> None:
    error = error_of(ImapChannel("gmail", by_token(mailbox, oauth(tokens, client_id="siapa"))))
    assert isinstance(error, Permanent)
    assert error.code == "imap_oauth_client"


def test_a_sign_in_service_out_of_reach_is_temporary(mailbox: Mailbox) -> None:
    auth = OAuthAuth("muara", Known("x"), Known("izin"), "http://127.0.0.1:1/token")
    error = error_of(ImapChannel("gmail", by_token(mailbox, auth)))
    assert isinstance(error, Temporary)
    assert error.code == "imap_oauth_unreachable"


def test_a_sign_in_service_in_trouble_is_temporary(mailbox: Mailbox, tokens: TokenServer) -> None:
    tokens.broken = True
    assert isinstance(error_of(ImapChannel("gmail", by_token(mailbox, oauth(tokens)))), Temporary)


def test_a_token_of_another_account_is_permanent(mailbox: Mailbox) -> None:
    with TokenServer(lambda: mailbox.server.token("orang.lain@kesra.test"), "izin") as tokens:
        error = error_of(ImapChannel("gmail", by_token(mailbox, oauth(tokens))))
    assert isinstance(error, Permanent)
    assert error.code == "imap_token_refused"


def test_a_token_the_mail_server_has_forgotten_is_replaced_once(
    mailbox: Mailbox, tokens: TokenServer
) -> None:
    stale = iter([mailbox.server.token(mailbox.user, seconds=-60)])
    tokens._access_token = lambda: next(stale, mailbox.server.token(mailbox.user))
    ImapChannel("gmail", by_token(mailbox, oauth(tokens))).check()
    assert len(tokens.asked) == 2


def test_a_rotated_refresh_token_is_kept_over_a_restart(mailbox: Mailbox) -> None:
    kept: dict[str, str] = {}

    def channel() -> ImapChannel:
        return ImapChannel(
            "gmail",
            by_token(mailbox, oauth(server)),
            kept_token=lambda: kept.get("token"),
            keep_token=lambda token: kept.update(token=token),
        )

    with TokenServer(lambda: mailbox.server.token(mailbox.user), "izin", rotates=True) as server:
        channel().check()
        assert kept == {"token": "izin+"}
        channel().check()
        assert kept == {"token": "izin++"}
        assert server.asked == ["izin", "izin+"]


def test_a_newly_configured_refresh_token_replaces_a_kept_one_that_was_withdrawn(
    mailbox: Mailbox, tokens: TokenServer
) -> None:
    kept = ["lama"]
    channel = ImapChannel(
        "gmail",
        by_token(mailbox, oauth(tokens)),
        kept_token=lambda: kept[-1],
        keep_token=kept.append,
    )
    channel.check()
    assert tokens.asked == ["lama", "izin"]
    assert kept[-1] == "izin"


def test_every_error_has_its_sentence() -> None:
    sources = (Path(imap.__file__).parent).glob("*.py")
    codes = {code for path in sources for code in re.findall(r'"(imap_\w+)"', path.read_text())}
    assert len(codes) > 20
    assert codes == {name for name in Texts("id").part("errors") if name.startswith("imap_")}
