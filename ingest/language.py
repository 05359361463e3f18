"""Which language a complainant writes: Indonesian or English, by the small words nobody can do without."""

import re

from store.types import Ticket

INDONESIAN, ENGLISH = "id", "en"
_AT_LEAST = 2  # small words; below that a text says nothing sure about its language
_TIMES = 2  # so many times the small words of the other language
_LETTERS = re.compile(r"[a-z']+")
_READ = 5000  # characters; what follows is seldom written in another language


def _small(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Balinese is answered in Indonesian: officials write it so, and everybody reads it.
_SMALL_WORDS = {
    INDONESIAN: _small(
        """
        yang yg dan dn di ke dari dr untuk utk untk dengan dgn ini itu tidak tdk gak nggak ga sudah sdh udah
        belum blm saya sy kami kita ada pada akan adalah karena krn mohon agar supaya bisa atau juga apa
        apakah kapan tolong pak bapak bu ibu oleh sangat kalau kalo jika bila sampai sampe lagi lg hanya
        saja aja harus telah bagaimana gimana mengapa kenapa masih tapi tetapi namun malah seperti dalam
        dlm tentang para setiap kepada kpd hari tahun bulan selama sejak mana siapa berapa terima kasih
        sane sampun durung tiang titiang nika niki ring nenten ten wenten sareng antuk tusing suba konden
        napi dados mangkin iraga
        """
    ),
    ENGLISH: _small(
        """
        the and of to is was are were have has had for with this that these those not we you my our your
        please when why what how which who they their been from would could should do does did it be can
        cannot will there by on at if but because about after before any some his her its i'm don't
        """
    ),
}


def spoken_by(ticket: Ticket) -> str:
    """Return the language of letters to a complainant: as a person set it, else what they wrote in."""
    return ticket.language or language_of(f"{ticket.subject}\n{ticket.reply_text or ticket.text}")


def language_of(text: str) -> str:
    """Return ``id`` or ``en``; empty where it cannot be told, as in a mail of three words."""
    words = _LETTERS.findall(text[:_READ].casefold())
    found = {name: sum(word in small for word in words) for name, small in _SMALL_WORDS.items()}
    for name, other in ((INDONESIAN, ENGLISH), (ENGLISH, INDONESIAN)):
        if found[name] >= max(_AT_LEAST, _TIMES * found[other]):
            return name
    return ""
