"""Every command by its name, in the groups and the order in which people meet them."""

GROUPS = {
    "daily": ("list", "show", "add", "take", "note", "assign", "confirm", "reclassify", "told"),
    "answering": (
        "answer",
        "cancel",
        "deliveries",
        "calls",
        "call",
        "letter",
        "receipt",
        "read",
        "language",
        "contact",
        "close",
        "reopen",
    ),
    "together": ("duplicates", "merge", "unmerge", "split", "unsplit"),
    "office": ("requirements", "guests", "calendar", "report"),
    "rules": ("rules", "classify", "inspect"),
    "service": (
        "init",
        "check",
        "run",
        "channels",
        "requeue",
        "doctor",
        "verify",
        "key",
        "backup",
        "restore",
        "migrate-store",
        "purge",
        "keep",
    ),
}
_ELSEWHERE = {"inspect": "inspect_mail"}  # the standard library has an inspect
COMMANDS = {
    name: f"cli.commands.{_ELSEWHERE.get(name, name.replace('-', '_'))}"
    for names in GROUPS.values()
    for name in names
}
