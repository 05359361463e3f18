"""The office's letter: letterhead, place and date in words, number, the answer, and who signs."""

from dataclasses import dataclass
from typing import Any

from config.sections import Office
from config.texts import Texts
from ingest.language import spoken_by
from ingest.letters.envelope import one_line
from ingest.letters.frame import addressee, framed
from ingest.letters.parts import headed
from store.types import Answer, Ticket
from wiring.clock import now


def words_for(words: Texts, ticket: Ticket) -> Texts:
    """Return the words of a letter to this complainant, in their language."""
    return Texts(spoken_by(ticket) or words.language, str(words.zone))


@dataclass(frozen=True, slots=True)
class Page:
    """One letter, on paper or as plain text. ``mail`` is the office's address for mail."""

    words: Texts
    office: Office
    mail: str
    ticket: Ticket
    answer: Answer

    def data(self) -> dict[str, Any]:
        """Return what printing/templates/letter.typ shows."""
        words, said = self.words, framed(self.words, self.ticket, self.answer.text)
        today = words.day(now().astimezone(words.zone).date())
        return {
            "title": words("answers.letter_title"),
            "language": words.language,
            "number": self.ticket.number,
            "office": {
                "name": self.office.name,
                "section": self.office.section,
                "address": self.office.address,
                "contact": self._contact(),
            },
            "place-and-date": ", ".join(filter(None, (self.office.city, today))),
            "references": self._references(),
            "addressee": self._addressee(),
            "salutation": said.salutation,
            "text": headed(words, self.ticket, said.text),
            "closing": said.closing,
            "signature": [self.office.signature or self.office.section, self.office.name],
            "note": self._note(),
        }

    def text(self) -> str:
        """Return the letter without letterhead, to be read on a screen or pasted."""
        data = self.data()
        head = [f"{name}: {value}" for name, value in data["references"]]
        answer = framed(self.words, self.ticket, self.answer.text).body
        framed_text = headed(self.words, self.ticket, answer)
        parts = [data["place-and-date"], "\n".join(head), framed_text, "\n".join(data["signature"])]
        return "\n\n".join([*parts, self._note()])

    def _contact(self) -> str:
        phone = self.words("letters.phone", phone=self.office.phone) if self.office.phone else ""
        return " · ".join(
            filter(None, (phone, next(iter(self.office.emails), self.mail), self.office.web))
        )

    def _references(self) -> list[tuple[str, str]]:
        words, ticket = self.words, self.ticket
        about = words("answers.letter_about_yours")
        if ticket.subject:
            about = words("answers.letter_about", subject=one_line(ticket.subject))
        lines = [
            (words("answers.letter_number"), ticket.number),
            (words("answers.letter_subject"), about),
            (words("answers.letter_received"), words.moment(ticket.received_at)),
        ]
        if self.answer.files:
            count = words("answers.letter_files", count=len(self.answer.files))
            lines.append((words("answers.letter_attached"), count))
        return lines

    def _addressee(self) -> list[str]:
        who = self.ticket.complainant
        name = addressee(self.words, self.ticket)
        address = "" if who.anonymous else who.address
        return [name, *address.splitlines()]

    def _note(self) -> str:
        number, phone = self.ticket.number, self.office.phone
        if phone:
            return self.words("answers.letter_note", number=number, phone=phone)
        return self.words("answers.letter_note_plain", number=number)
