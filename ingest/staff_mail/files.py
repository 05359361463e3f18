"""The files of a reply, as they go with the answer."""

from channels.mail.attachments import contents
from store import Store
from store.types import FileToSend, StaffMail


class FilesOf:
    """Reads them from the bytes that were stored when the reply came in."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, one: StaffMail) -> list[FileToSend]:
        """Return what goes with the answer."""
        raw = self._store.staff_mails.raw(one)
        return [
            FileToSend(about.filename, about.content_type, data) for about, data in contents(raw)
        ]
