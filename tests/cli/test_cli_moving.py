from pathlib import Path

import pytest

from testing.daemon import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.imap("gmail", ("localhost", 1), "kesra@kantor.test", "x")
    made.write()
    typed = made.command("add", "--medium", "phone", "--text", "Jam buka loket?", "--name", "Luh")
    assert typed.returncode == 0, typed.stderr
    return made


def test_an_installation_is_moved_and_says_what_to_write_where(site: Site) -> None:
    target = f"sqlite:///{site.folder / 'baru.db'}"
    done = site.command("migrate-store", f"sqlite:///{site.database}", target)
    assert done.returncode == 0, done.stderr
    assert f'url = "{target}"' in done.stdout
    refused = site.command("list")
    assert refused.returncode == 1
    assert "sudah dipindahkan" in refused.stderr
    text = site.config.read_text("utf-8")
    site.config.write_text(text.replace('folder = "data"', f'folder = "data"\nurl = "{target}"'))
    listed = site.command("list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert "phone" in listed.stdout


def test_what_is_no_database_is_refused_with_what_to_write(site: Site) -> None:
    for wrong in ("mysql://server/x", "postgresql://me:secret@server/x", "muara.db"):
        refused = site.command("migrate-store", f"sqlite:///{site.database}", wrong)
        assert refused.returncode == 1
        assert "postgresql://" in refused.stderr
        assert "Traceback" not in refused.stderr
    same = site.command("migrate-store", *[f"sqlite:///{site.database}"] * 2)
    assert "Asal dan tujuan sama" in same.stderr
