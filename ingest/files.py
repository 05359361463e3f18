"""Files that go with an answer: which are sent, and what they are, by their ending and their first bytes."""

from pathlib import PurePath

from store.types import FileToSend

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
# What mail servers let through and every office can open; nothing that can run by itself.
_KINDS: dict[str, tuple[str, bytes]] = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", _ZIP),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", _ZIP),
    ".odt": (f"{_OPEN}.text", _ZIP),
    ".ods": (f"{_OPEN}.spreadsheet", _ZIP),
    ".doc": ("application/msword", _OLE),
    ".xls": ("application/vnd.ms-excel", _OLE),
    ".txt": ("text/plain", b""),
    ".csv": ("text/csv", b""),
}
ENDINGS = tuple(_KINDS)


class Unsendable(ValueError):  # noqa: N818 - says what is the case
    """This file is not sent. ``code``: file_kind, file_content, file_empty, or files_size; see ``values``."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code} {values}")
        self.code = code
        self.values = values


def file_to_send(name: str, data: bytes) -> FileToSend:
    """Return a file with its type. Raises Unsendable for another kind, or where ending and content disagree."""
    name = PurePath(name).name
    ending = PurePath(name).suffix.casefold()
    if ending not in _KINDS:
        raise Unsendable("file_kind", file=name, endings=", ".join(ENDINGS))
    if not data:
        raise Unsendable("file_empty", file=name)
    content_type, beginning = _KINDS[ending]
    if not (data.startswith(beginning) if beginning else _is_text(data)):
        raise Unsendable("file_content", file=name, ending=ending)
    return FileToSend(name, content_type, data)


def check_size(files: list[FileToSend], most: int) -> None:
    """Raise Unsendable where the files of one answer are together larger than ``most`` bytes."""
    if sum(len(file.data) for file in files) > most:
        raise Unsendable("files_size", megabytes=most // 2**20)


def _is_text(data: bytes) -> bool:
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False
