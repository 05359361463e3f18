"""Content-Transfer-Encoding undone, for encoders that were interrupted, mislabelled or wrong."""

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_STAND_INS = bytes(c if not _NOT_BASE64.match(bytes([c])) else ord("A") for c in range(256))
_PADDING = re.compile(rb"=+")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)
_UU_NAMES = {"x-uuencode", "uuencode", "x-uue", "uue"}
_UU_ROWS = 100_000  # beyond, rows far shorter than the usual 61 bytes are a trap for our time
_UU_SHORT_ROW = 30
_MOST_RUNS = 10_000  # of base64 between padding, where there should be one
_BASE64_SHORT_ROW = 20  # bytes; rows are 76 or 64 long, shorter ones do not end at whole bytes
_WORDS_SHARE = 20  # one space in so many bytes: words, not base64 with a few broken lines


def decode(data: memoryview, encoding: str) -> bytes:
    """Return the bytes meant. An unknown encoding is taken as none; never raises."""
    if encoding == "base64":
        return decode_base64(bytes(data))
    if encoding == "quoted-printable":
        return decode_quoted_printable(bytes(data))
    if encoding in _UU_NAMES:
        return _decode_uu(bytes(data))
    return bytes(data)


def decode_base64(data: bytes) -> bytes:
    """Decode base64, going on after broken places; text that is merely labelled base64 is left."""
    try:
        return binascii.a2b_base64(data.translate(None, b"\r\n\t "), strict_mode=True)
    except binascii.Error:
        pass
    if data.strip().count(b" ") * _WORDS_SHARE > len(data):
        return data
    rows = [data] if data.count(b"\n") * _BASE64_SHORT_ROW > len(data) else data.split()
    return b"".join(_base64_row(row) for row in rows)


def _base64_row(row: bytes) -> bytes:
    """Every row is decoded for itself: encoders end rows at whole bytes, so damage stays in its row."""
    changed = row.translate(_STAND_INS) if len(row) % 4 == 0 else row  # same length: not shifted
    letters = _NOT_BASE64.sub(b"", changed)
    runs = _PADDING.split(letters, _MOST_RUNS)
    return b"".join(_quartets(run.replace(b"=", b"")) for run in runs)


def _quartets(run: bytes) -> bytes:
    spare = len(run) % 4
    if spare == 1:  # six bits alone make no byte
        run, spare = run[:-1], 0
    return binascii.a2b_base64(run + b"=" * (-spare % 4))


def decode_quoted_printable(data: bytes) -> bytes:
    """Decode quoted-printable; a broken escape stands as it is."""
    return binascii.a2b_qp(data)


def _decode_uu(data: bytes) -> bytes:
    begin = _UU_BEGIN.search(data)
    rows = data.count(b"\n")
    if not begin or (rows > _UU_ROWS and rows * _UU_SHORT_ROW > len(data)):
        return data
    out = []
    for row in data[begin.end() :].splitlines():
        if row.strip() == b"end":
            break
        out.append(_uu_row(row))
    return b"".join(out)


def _uu_row(row: bytes) -> bytes:
    try:
        return binascii.a2b_uu(row)
    except binascii.Error:  # encoders that count the length wrong: take what the length allows
        count = (((row[0] - 32) & 63) * 4 + 5) // 3 if row else 0
        try:
            return binascii.a2b_uu(row[:count])
        except binascii.Error:
            return b""
