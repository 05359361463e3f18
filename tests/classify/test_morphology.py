import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.morphology import bases, candidates, forms

ROOTS = ["pungut", "tarik", "suap", "kutip", "bayar", "dapat", "lapor", "ancam", "gelap", "rusak"]


@pytest.mark.parametrize(
    ("word", "root", "prefix"),
    [
        ("disalahgunakan", "salahguna", "di"),
        ("dimintain", "minta", "di"),
        ("dimintai", "minta", "di"),
        ("nyetor", "setor", "nge"),
        ("memungut", "pungut", "me"),
        ("pungutannya", "pungut", ""),
        ("menyuap", "suap", "me"),
        ("penyuapan", "suap", "pe"),
        ("ngasih", "kasih", "nge"),
        ("mengutip", "kutip", "me"),
        ("motong", "potong", "nge"),
        ("terpotong", "potong", "ter"),
        ("keterlambatan", "lambat", "ke"),
        ("kepotong", "potong", "ke"),
        ("kabales", "bales", "di"),
        ("dibayarkannya", "bayar", "di"),
        ("dipersulit", "sulit", "di"),
    ],
)
def test_a_form_leads_to_its_root(word: str, root: str, prefix: str) -> None:
    assert (root, prefix) in candidates(word)


@pytest.mark.parametrize("root", ROOTS)
def test_every_generated_form_leads_back_to_its_root(root: str) -> None:
    generated = forms(root)
    assert len(generated) > 60
    for form in generated:
        assert root in {candidate for candidate, _ in candidates(form)}, form


@given(st.text(alphabet="abdeghiklmnoprstuwy", min_size=3, max_size=9))
def test_forms_and_roots_are_inverse_for_any_root(root: str) -> None:
    for form in forms(root):
        assert root in {candidate for candidate, _ in candidates(form)}


@given(st.text(alphabet="abdeghiklmnoprstuwy", min_size=1, max_size=30))
def test_a_base_is_always_a_beginning_of_the_word(word: str) -> None:
    found = bases(word)
    assert found[0] == word
    assert all(word.startswith(base) for base in found)


def test_clitics_come_off_one_after_the_other() -> None:
    assert "uang" in bases("uangnyalah")
