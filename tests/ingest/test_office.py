from dataclasses import replace

from ingest.office import Office, Person, Team
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


def test_people_are_known_by_their_address_and_by_their_account(shop: Workshop) -> None:
    luh, made = Person("Luh", "a@k.test", "kesra1"), Person("Made", "d@k.test")
    with_people = replace(office(shop), staff=(luh, made))
    assert with_people.person_at("A@K.test") == luh
    assert with_people.person_at("b@k.test") == Person("b@k.test", "b@k.test")
    assert with_people.person_at("warga@rumah.test") is None
    assert with_people.person_with("kesra1") == luh
    assert with_people.person_with("") is None


def test_only_members_of_an_examiner_team_examine(shop: Workshop) -> None:
    assert office(shop).examines(Person("Made", "d@k.test"))
    assert not office(shop).examines(Person("Luh", "a@k.test"))
    assert not office(shop).examines(None)
