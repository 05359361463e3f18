from dataclasses import replace

from ingest.office import Office, Team
from tests.ingest.workshop import Workshop

TEAMS = {
    "umum": Team("umum", "Umum", ("a@k.test", "b@k.test")),
    "hibah": Team("hibah", "Hibah", ("b@k.test", "c@k.test")),
    "periksa": Team("periksa", "Pemeriksa", ("c@k.test", "d@k.test"), examiner=True),
}


def office(shop: Workshop) -> Office:
    return replace(shop.parts.office, teams=TEAMS, default_team="umum")


def test_a_team_gone_from_the_configuration_is_the_default_team(shop: Workshop) -> None:
    assert office(shop).members("lama") == ("a@k.test", "b@k.test")


def test_everyone_who_may_not_see_a_restricted_case_is_a_bystander_once(shop: Workshop) -> None:
    assert office(shop).examiners() == ("c@k.test", "d@k.test")
    assert office(shop).bystanders("hibah") == ("b@k.test", "a@k.test")
