"""What a request for data has to come with: shipped from the service standard, the office's where written."""

from pathlib import Path

import pytest

from config.init import write
from config.settings import ConfigError, Settings, load


def loaded(folder: Path, more: str = "") -> Settings:
    config = write(folder).config
    text = config.read_text("utf-8").replace("members = []", 'members = ["a@kantor.test"]')
    config.write_text(
        more + "\n" + text if more.startswith("requirements") else text + more, "utf-8"
    )
    return load(config, secrets=False)


def test_the_service_standards_three_are_shipped(tmp_path: Path) -> None:
    names = [one.name for one in loaded(tmp_path).requirements]
    assert names == ["surat-tugas", "berkas-pendukung", "identitas"]


def test_the_offices_list_stands_in_their_place(tmp_path: Path) -> None:
    more = '\n[[requirements]]\nname = "ktp"\nlabel = "KTP"\n'
    (one,) = loaded(tmp_path, more).requirements
    assert (one.name, one.kind) == ("ktp", ("permintaan_informasi",))


def test_an_office_may_ask_for_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, "requirements = []").requirements == ()


def test_a_name_is_used_once(tmp_path: Path) -> None:
    more = '\n[[requirements]]\nname = "ktp"\nlabel = "KTP"\n' * 2
    with pytest.raises(ConfigError, match="ktp"):
        loaded(tmp_path, more)
