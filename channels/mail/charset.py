"""Bytes to text where the declared charset may be absent, unknown or wrong."""

import codecs
import re

from charset_normalizer import from_bytes

# Labels senders use, and the superset that reads what they really send (as the WHATWG table does).
_MEANT = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
}
# Registered as text encodings by Python, but no charset of mail; punycode is quadratic.
_NOT_IN_MAIL = {"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "charmap"}
_SHIFTED = re.compile(rb"\x1b[$(]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Nobody has sent these for decades, but the statistics prefer them to their Windows kin.
_UNLIKELY = ["mac_cyrillic", "mac_greek", "mac_turkish", "mac_latin2", "cp1250"]
_SAMPLE = 8_192
_RARE_HIGH = (
    0.3  # share of high bytes below which a Western text is more likely than another script
)


def codec_name(label: str) -> str | None:
    """Return Python's codec for a charset label, or None where no such charset of mail is known."""
    try:
        name = codecs.lookup(label.strip("\"' ").lower()).name
    except (LookupError, ValueError):
        return _MEANT.get(label.strip("\"' ").lower())
    return None if name in _NOT_IN_MAIL else _MEANT.get(name, name)


def decode(data: bytes, declared: str | None = None, *, guess: bool = False) -> str:
    """Return the text of ``data``; never fails.

    In this order: a byte order mark, UTF-8 where an 8-bit charset is declared and the bytes are
    valid UTF-8 (the label lies), the declared charset, UTF-8, UTF-8 with a few broken places,
    with ``guess`` a statistical guess for scripts other than Latin (milliseconds), Windows-1252.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    codec = codec_name(declared) if declared else None
    if codec and codec.startswith(("utf-16", "utf-32")) and b"\0" not in data:
        codec = None
    if codec == "utf-7":
        return data.decode(codec, "replace")
    for name in ("utf-8", codec) if _single_byte(codec) else (codec, "utf-8"):
        if name and (decoded := _strictly(data, name)) is not None:
            return _unshifted(data, decoded)
    return _damaged(data, codec, guess=guess)


def _single_byte(codec: str | None) -> bool:
    return codec is None or codec.startswith(("cp125", "iso8859", "koi8", "mac", "utf-8"))


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (LookupError, UnicodeError, ValueError):
        return None


def _unshifted(data: bytes, decoded: str) -> str:
    """ISO-2022 is pure ASCII to every other codec; its escapes give it away."""
    if "\x1b" in decoded and _SHIFTED.search(data):
        return _strictly(data, "iso2022_jp") or decoded
    return decoded


def _damaged(data: bytes, codec: str | None, *, guess: bool) -> str:
    broken = data.decode("utf-8", "replace")
    lost = broken.count("\ufffd")
    whole = len(broken) - len(broken.encode("ascii", "ignore")) - lost
    if lost * 4 <= whole:
        return broken
    if codec and codec != "utf-8":
        return data.decode(codec, "replace")
    return data.decode(_guess(data) if guess else "cp1252", "replace")


def _guess(data: bytes) -> str:
    sample = data[:_SAMPLE]
    high = sum(byte > 0x7F for byte in sample)  # noqa: PLR2004 - the end of ASCII
    if high < _RARE_HIGH * len(sample):
        return "cp1252"
    best = from_bytes(sample, cp_exclusion=_UNLIKELY).best()
    return best.encoding if best else "cp1252"
