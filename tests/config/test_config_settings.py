"""One file in, settings or every problem at once out."""

import ast
import re
from datetime import date, time
from pathlib import Path
from typing import get_args

import pytest
from pydantic_core import core_schema

from config.channels import ImapSource, LaporSource
from config.fields import DayHours
from config.settings import ConfigError, Problem, examine, load
from config.texts import Texts

ROOT = Path(__file__).parents[2]

GOOD = """
[office]
name = "Setda"
section = "Kesra"
phone = "0362 21985"
emails = ["kesra@example.id"]

[smtp]
host = "smtp.example.id"
sender_address = "kesra@example.id"

[[teams]]
name = "kesra"
label = "Tim Kesra"
members = ["petugas@example.id"]
default = true

[[teams]]
name = "pemeriksa"
label = "Pemeriksa"
members = ["pemeriksa@example.id"]
examiner = true

[[channels]]
name = "surel"
kind = "imap"
host = "imap.example.id"
username = "kesra@example.id"
password = "env:MUARA_TEST_SECRET"
since = 2026-11-24
"""


@pytest.fixture(autouse=True)
def _a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUARA_TEST_SECRET", "sandi")


def write(folder: Path, text: str) -> Path:
    path = folder / "muara.toml"
    path.write_text(text, "utf-8")
    return path


def told(folder: Path, text: str) -> list[tuple[str, str]]:
    """Keys and the names of their sentences."""
    _, problems = examine(write(folder, text))
    return [(problem.key, code_of(problem)) for problem in problems]


def code_of(problem: Problem, language: str = "id") -> str:
    for code, sentence in Texts(language).part("config").items():
        pattern = re.sub(r"\\\{\w+\\\}", ".*", re.escape(sentence))
        if re.fullmatch(pattern, problem.sentence):
            return code
    raise AssertionError(problem.sentence)


def test_a_good_file_gives_settings_with_the_offices_promises(tmp_path: Path) -> None:
    settings = load(write(tmp_path, GOOD))
    assert settings.general.timezone == "Asia/Makassar"
    assert settings.default_team.name == "kesra"
    assert settings.limits.model_dump() == {
        "ringan": "3 h",
        "normatif": "5 wd",
        "tidak_berkadar": "14 wd",
        "berkadar": "60 wd",
        "permintaan_informasi": "3 wd",
    }
    [hours] = settings.calendar.hours
    assert hours.since == date(2026, 3, 1)
    assert hours.week[0] == DayHours(time(7, 30), time(16), time(12), time(12, 45))
    assert hours.week[4] == DayHours(time(7), time(14), time(11), time(11, 30))
    assert hours.week[5:] == (None, None)


def test_ports_follow_the_security_unless_they_are_given(tmp_path: Path) -> None:
    text = GOOD.replace('host = "imap.', 'security = "starttls"\nhost = "imap.')
    settings = load(write(tmp_path, text.replace("[smtp]\n", '[smtp]\nsecurity = "tls"\n')))
    [channel] = settings.channels
    assert isinstance(channel, ImapSource)
    assert (channel.port, settings.smtp.port) == (143, 465)
    text = GOOD.replace('host = "imap.', 'port = 1993\nhost = "imap.')
    [channel] = load(write(tmp_path, text)).channels
    assert isinstance(channel, ImapSource)
    assert channel.port == 1993


def test_relative_paths_start_at_the_configuration_file(tmp_path: Path) -> None:
    text = GOOD + '\n[rules]\nfolder = "aturan"\n'
    settings = load(write(tmp_path, text))
    assert settings.rules.folder == tmp_path / "aturan"
    assert settings.store.folder == tmp_path / "data"
    assert settings.store.url == f"sqlite:///{tmp_path}/data/muara.db"
    assert settings.store.backup_folder == tmp_path / "data" / "backup"
    settings = load(write(tmp_path, GOOD + '\n[store]\nfolder = "/srv/muara"\n'))
    assert settings.store.connection_url() == "sqlite:////srv/muara/muara.db"


def test_a_database_or_profile_beside_the_configuration_may_be_given_relatively(
    tmp_path: Path,
) -> None:
    lapor = LAPOR.format(host="127.0.0.1") + 'profile = "profil/sp4n.toml"\n'
    settings = load(write(tmp_path, GOOD + lapor + '[store]\nurl = "sqlite:///isi/a.db"\n'))
    assert settings.store.url == f"sqlite:///{tmp_path}/isi/a.db"
    feed = settings.channels[1]
    assert isinstance(feed, LaporSource)
    assert feed.profile == f"{tmp_path}/profil/sp4n.toml"
    absolute = GOOD + '[store]\nurl = "sqlite:////srv/a.db"\n'
    assert load(write(tmp_path, absolute)).store.url == "sqlite:////srv/a.db"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "muara.db"])
def test_a_database_that_would_not_last_is_refused(url: str, tmp_path: Path) -> None:
    assert told(tmp_path, GOOD + f'[store]\nurl = "{url}"\n') == [("store.url", "database_url")]


def test_limits_may_be_written_in_indonesian(tmp_path: Path) -> None:
    text = GOOD + '\n[limits]\nringan = "4 jam"\nnormatif = "6 hari kerja"\nberkadar = "50 wd"\n'
    limits = load(write(tmp_path, text)).limits
    assert (limits.ringan, limits.normatif, limits.berkadar) == ("4 h", "6 wd", "50 wd")


def test_a_route_may_name_one_value_or_several(tmp_path: Path) -> None:
    text = GOOD + '\n[[routes]]\nmedium = "phone"\ntier = ["ringan", "normatif"]\nteam = "kesra"\n'
    [route] = load(write(tmp_path, text)).routes
    assert (route.medium, route.tier) == (("phone",), ("ringan", "normatif"))


MISTAKES = """\
kantor = "Kesra"

[general]
langauge = "id"
timezone = "Asia/Denpasar"

[office]
name = ""
emails = ["kesra@example.id", "bukan alamat"]

[store]
url = "mysql://localhost/x"

[smtp]
host = "https://smtp.example.id"
security = "plain"
port = "587"
username = "kesra"
sender_address = "kesra"

[[channels]]
name = "Surel Kantor"
kind = "imap"
host = "imap.example.id"
username = "kesra@example.id"
password = "rahasia123"

[[channels]]
name = "dua"
kind = "imap"
host = "imap.example.id"
username = "kesra@example.id"
auth = "xoauth2"
client_id = "x"
refresh_token = "env:MUARA_TEST_ABSENT"
folders = []

[[channels]]
name = "tiga"
kind = "pop3"

[[channels]]
host = "x"

[[channels]]
name = "tiga"
kind = "lapor"

[[teams]]
name = "umum"
label = "Umum"
members = [
    "petugas@example.id",
    "petugas(at)example.id",
]

[[teams]]
name = "kosong"
label = "Kosong"
members = []

[[routes]]
medium = ["telepon"]
team = "tidakada"

[[routes]]
channel = "faks"
team = "umum"

[limits]
ringan = "3 hari"

[acknowledgement]
per_sender_per_hour = 0

[calendar]
lunch_stops_clock = "tidak"
days = [
    { date = 2027-01-13, state = "tutup", name = "Galungan", source = "SE" },
]

[[calendar.hours]]
since = "2026-03-01"
monday = "07:30-26:00"

[[calendar.hours]]
since = 2026-03-01

[log]
level = "warn"

[health]
team = "siapa"
"""

EXPECTED = [
    (1, "kantor", "unknown_key"),
    (4, "general.langauge", "unknown_key_like"),
    (5, "general.timezone", "zone"),
    (7, "office.section", "missing"),
    (8, "office.name", "string_too_short"),
    (9, "office.emails[2]", "mail_address"),
    (12, "store.url", "database_url"),
    (15, "smtp.host", "host"),
    (17, "smtp.port", "int_type"),
    (19, "smtp.sender_address", "mail_address"),
    (22, "channels[Surel Kantor].name", "name"),
    (26, "channels[Surel Kantor].password", "literal_secret"),
    (28, "channels[dua].client_secret", "needed_for_sign_in"),
    (28, "channels[dua].since", "no_since"),
    (35, "channels[dua].refresh_token", "secret_not_set"),
    (36, "channels[dua].folders", "empty_list"),
    (38, "channels[tiga]", "union_tag_invalid"),
    (42, "channels[4]", "union_tag_not_found"),
    (45, "channels[tiga].base_url", "needed_when_enabled"),
    (46, "channels[tiga].name", "name_taken"),
    (49, "teams", "no_default_team"),
    (49, "teams", "no_examiner_team"),
    (54, "teams[umum].members[2]", "mail_address"),
    (60, "teams[kosong].members", "no_members"),
    (63, "routes[1].medium[1]", "literal_error"),
    (64, "routes[1].team", "unknown_team"),
    (67, "routes[2].channel", "unknown_channel"),
    (71, "limits.ringan", "limit"),
    (74, "acknowledgement.per_sender_per_hour", "greater_than_equal"),
    (77, "calendar.lunch_stops_clock", "bool_type"),
    (79, "calendar.days[Galungan].state", "literal_error"),
    (83, "calendar.hours[1].since", "date_type"),
    (84, "calendar.hours[1].monday", "day_hours"),
    (86, "calendar.hours[2]", "never_open"),
    (90, "log.level", "literal_error"),
    (93, "health.team", "unknown_team"),
]


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    settings, problems = examine(write(tmp_path, MISTAKES))
    assert settings is None
    found = [(problem.line, problem.key, code_of(problem)) for problem in problems]
    assert found == EXPECTED


def test_problems_speak_the_language_of_the_file(tmp_path: Path) -> None:
    english = MISTAKES.replace("langauge", 'language = "en"\nlangauge')
    _, problems = examine(write(tmp_path, english))
    assert len(problems) == len(EXPECTED)
    assert {code_of(problem, "en") for problem in problems} == {code for *_, code in EXPECTED}


def test_an_error_lists_all_problems_as_file_line_key_and_sentence(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('host = "smtp', 'hots = "smtp'))
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).splitlines() == [
        f"{path}:8: smtp.host: Kunci ini wajib diisi.",
        f"{path}:9: smtp.hots: Kunci ini tidak dikenal. Maksudnya barangkali host?",
    ]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("[office]\nname = Setda\n", 2, "syntax"),
        ("[office]\nname 'x'\n", 2, "syntax"),
        ("[office\nname = 'x'\n", 1, "syntax"),
        ('[office]\nname = "x"\nname = "y"\n', 3, "written_twice"),
        ("[office]\nx = 1\n[office]\n", 3, "written_twice"),
        ('[office]\nname = "x', 2, "syntax"),
    ],
)
def test_a_line_that_is_no_toml_is_named(text: str, line: int, code: str, tmp_path: Path) -> None:
    settings, [problem] = examine(write(tmp_path, text))
    assert settings is None
    assert (problem.line, code_of(problem)) == (line, code)


def test_a_file_that_is_not_there_or_not_text_is_one_problem(tmp_path: Path) -> None:
    assert [code_of(p) for p in examine(tmp_path / "tiada.toml")[1]] == ["no_file"]
    assert [code_of(p) for p in examine(tmp_path)[1]] == ["unreadable_file"]
    (tmp_path / "biner.toml").write_bytes(b"\xff\xfe\x00")
    assert [code_of(p) for p in examine(tmp_path / "biner.toml")[1]] == ["unreadable_file"]


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "muara.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(path).office.section == "Kesra"


def test_an_empty_file_lacks_everything_that_is_required(tmp_path: Path) -> None:
    assert told(tmp_path, "") == [
        ("channels", "no_channels"),
        ("office", "missing_table"),
        ("smtp", "missing_table"),
        ("teams", "no_teams"),
    ]


def test_tables_of_the_wrong_shape_are_told(tmp_path: Path) -> None:
    text = 'general = 1\noffice = "x"\nchannels = 3\nteams = ["kesra"]\n'
    assert told(tmp_path, text)[:4] == [
        ("smtp", "missing_table"),
        ("general", "model_type"),
        ("office", "model_type"),
        ("channels", "tuple_type"),
    ]


def test_a_password_over_an_open_line_must_be_allowed_by_name(tmp_path: Path) -> None:
    plain = GOOD.replace('host = "imap.', 'security = "plain"\nhost = "imap.')
    assert told(tmp_path, plain) == [("channels[surel].security", "plain_security")]
    allowed = plain.replace('"plain"', '"plain"\nallow_plain = true')
    assert told(tmp_path, allowed) == []
    for host in ("localhost", "127.0.0.1", "::1"):
        assert told(tmp_path, plain.replace("imap.example.id", host)) == []
    smtp = GOOD.replace("[smtp]", '[smtp]\nsecurity = "plain"')
    assert told(tmp_path, smtp) == [("smtp.security", "plain_security")]


LAPOR = """
[[channels]]
name = "lapor"
kind = "lapor"
base_url = "http://{host}/api/"
"""


def test_a_feed_over_an_open_line_must_be_allowed_too(tmp_path: Path) -> None:
    open_line = [("channels[lapor].base_url", "plain_security")]
    assert told(tmp_path, GOOD + LAPOR.format(host="lapor.example.id")) == open_line
    for host in ("127.0.0.1:8080", "[::1]:80", "localhost"):
        assert told(tmp_path, GOOD + LAPOR.format(host=host)) == []
    text = GOOD + LAPOR.format(host="lapor.example.id").replace("http:", "https:")
    channel = load(write(tmp_path, text)).channels[1]
    assert isinstance(channel, LaporSource)


@pytest.mark.parametrize(
    "url", ["lapor.example.id", "ftp://lapor.example.id", "https://", "https://a:x/", "http://["]
)
def test_an_address_of_a_feed_is_a_whole_url(url: str, tmp_path: Path) -> None:
    text = (GOOD + LAPOR).replace("http://{host}/api/", url)
    assert told(tmp_path, text) == [("channels[lapor].base_url", "url")]


def test_a_path_is_text(tmp_path: Path) -> None:
    text = GOOD + '[store]\nfolder = 3\n[rules]\nfolder = ""\n'
    assert told(tmp_path, text) == [("store.folder", "path"), ("rules.folder", "path")]


def test_an_office_nobody_can_reach_is_a_warning(tmp_path: Path) -> None:
    text = GOOD.replace('phone = "0362 21985"', "").replace('emails = ["kesra@example.id"]', "")
    settings, [problem] = examine(write(tmp_path, text))
    assert settings is not None
    assert (problem.key, code_of(problem)) == ("office.phone", "no_contact")


def test_a_certificate_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    text = GOOD.replace("[smtp]", '[smtp]\nca_file = "ca.pem"')
    assert told(tmp_path, text) == [("smtp.ca_file", "no_such_file")]
    (tmp_path / "ca.pem").write_text("")
    assert told(tmp_path, text) == []


def test_a_misspelt_key_hides_no_other_mistake_of_its_table(tmp_path: Path) -> None:
    text = GOOD.replace("password =", "pasword =").replace("since = 2026-11-24", 'since = "x"')
    assert told(tmp_path, text) == [
        ("channels[surel].password", "needed_for_sign_in"),
        ("channels[surel].pasword", "unknown_key_like"),
        ("channels[surel].since", "date_type"),
    ]


def test_a_sign_in_nobody_knows_asks_for_no_keys(tmp_path: Path) -> None:
    text = GOOD.replace("password =", 'auth = "oauth"\nclient_secret =')
    assert told(tmp_path, text) == [("channels[surel].auth", "literal_error")]


def test_a_password_in_the_address_of_a_feed_is_refused(tmp_path: Path) -> None:
    text = GOOD + LAPOR.format(host="a:b@127.0.0.1")
    assert told(tmp_path, text) == [("channels[lapor].base_url", "literal_secret")]


def test_signing_in_with_oauth_needs_its_three_parts(tmp_path: Path) -> None:
    text = GOOD.replace('password = "env', 'auth = "xoauth2"\nclient_secret = "env')
    assert told(tmp_path, text) == [
        ("channels[surel].client_id", "needed_for_sign_in"),
        ("channels[surel].refresh_token", "needed_for_sign_in"),
    ]


def test_signing_in_with_a_password_needs_it(tmp_path: Path) -> None:
    text = GOOD.replace("password =", "client_secret =").replace("[smtp]", '[smtp]\nusername = "a"')
    assert told(tmp_path, text) == [
        ("smtp.password", "needed_for_sign_in"),
        ("channels[surel].password", "needed_for_sign_in"),
    ]


def test_two_channels_must_not_read_one_mailbox(tmp_path: Path) -> None:
    channel = GOOD[GOOD.index("[[channels]]") :]
    second = channel.replace('"surel"', '"dua"').replace("kesra@", "KESRA@")
    assert told(tmp_path, GOOD + second) == [("channels[dua].username", "same_mailbox")]
    assert told(tmp_path, GOOD + second + 'folders = ["Aduan"]\n') == []
    assert told(tmp_path, GOOD + second + "enabled = false\n") == []


@pytest.mark.parametrize("user", ["kesra@example.id", "kesra"])
def test_a_team_must_not_be_told_at_a_mailbox_we_read(user: str, tmp_path: Path) -> None:
    text = GOOD.replace('username = "kesra@example.id"', f'username = "{user}"')
    text = text.replace("petugas@example.id", "Kesra@example.id")
    assert told(tmp_path, text) == [("teams[kesra].members[1]", "own_mailbox")]


def test_one_team_is_the_default_and_one_examines(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD.replace("default = true", "")) == [("teams", "no_default_team")]
    assert told(tmp_path, GOOD.replace("examiner = true", "")) == [("teams", "no_examiner_team")]
    both = GOOD.replace("examiner = true", "examiner = true\ndefault = true")
    assert told(tmp_path, both) == [("teams[pemeriksa].default", "second_default_team")]


def test_a_mailbox_without_a_start_date_is_a_warning_that_stops_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace("since = 2026-11-24", ""))
    settings, [problem] = examine(path)
    assert settings is not None
    assert problem.warning
    assert (problem.key, code_of(problem)) == ("channels[surel].since", "no_since")
    assert load(path).warnings == (problem,)


def test_a_missing_secret_is_a_problem_only_where_secrets_are_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MUARA_TEST_SECRET")
    path = write(tmp_path, GOOD)
    assert told(tmp_path, GOOD) == [("channels[surel].password", "secret_not_set")]
    assert load(path, secrets=False).channels
    assert told(tmp_path, GOOD + "enabled = false\n") == []


SOURCES = [path.read_text("utf-8") for path in (ROOT / "config").glob("*.py")]
CODE_IS_ARGUMENT = {
    "PydanticCustomError": 0,
    "SecretError": 0,
    "Finding": 1,
    "_unknown_name": 1,
    "_matching": 1,
    "_problem": 1,
}


def codes() -> set[str]:
    calls = [node for text in SOURCES for node in ast.walk(ast.parse(text))]
    found = set()
    for node in calls:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            place = CODE_IS_ARGUMENT.get(node.func.id, len(node.args))
            code = node.args[place] if place < len(node.args) else None
            if isinstance(code, ast.Constant):
                found.add(str(code.value))
    return found


def test_every_code_in_use_has_a_sentence() -> None:
    assert len(codes()) > 30
    assert codes() <= Texts().part("config").keys()


def test_no_sentence_is_left_over() -> None:
    told_by_pydantic = get_args(core_schema.ErrorType)
    made_up = ("no_channels", "no_teams", "source_national", "source_joint_leave")
    # Of these the words are used where the calendar is shown.
    shown_elsewhere = ("weekly_closing", "no_joint_leave")
    for code in Texts().part("config").keys() - {*told_by_pydantic, *made_up, *shown_elsewhere}:
        assert any(re.search(rf'"(?:config\.)?{code}"', text) for text in SOURCES), code


def test_two_people_cannot_share_an_address_or_an_account(tmp_path: Path) -> None:
    people = """
[[staff]]
name = "Luh"
email = "petugas@example.id"
login = "kesra1"

[[staff]]
name = "Made"
email = "PETUGAS@example.id"
login = "kesra1"

[[staff]]
name = "Komang"
email = "komang@example.id"
"""
    assert told(tmp_path, GOOD + people) == [
        ("staff[Made].email", "person_taken"),
        ("staff[Made].login", "person_taken"),
    ]
    alone = people.replace("PETUGAS", "made").replace(
        'login = "kesra1"\n\n[[staff]]', "\n[[staff]]"
    )
    assert told(tmp_path, GOOD + alone) == []
