"""format=flowed (RFC 3676): paragraphs that a sender's program wrapped are joined again."""

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the soft line breaks of ``text``; quoted lines keep their marks. Linear in its length."""
    out: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for row in text.split("\n"):
        level, content = _unquoted(row)
        if paragraph and (level != depth or content == _SIGNATURE):
            out.append(_quoted(depth, paragraph))
            paragraph = []
        depth = level
        soft = content.endswith(" ") and content != _SIGNATURE
        paragraph.append(content[:-1] if soft and delete_space else content)
        if not soft:
            out.append(_quoted(depth, paragraph))
            paragraph = []
    if paragraph:
        out.append(_quoted(depth, paragraph))
    return "\n".join(out)


def _unquoted(row: str) -> tuple[int, str]:
    """Quote depth and content, without the space a sender's program put before it."""
    content = row.lstrip(">")
    return len(row) - len(content), content.removeprefix(" ")


def _quoted(depth: int, paragraph: list[str]) -> str:
    content = "".join(paragraph)
    return f"{'>' * depth} {content}" if depth else content
