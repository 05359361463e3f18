"""Who types a command in a test. Root is nobody in particular: there, somebody who used sudo."""

import os
import pwd

_BEHIND_SUDO = "petugas"


def account() -> str:
    """The account that commands of this process are typed with."""
    return pwd.getpwuid(os.getuid()).pw_name if os.getuid() else _BEHIND_SUDO


def acting_as(login: str) -> dict[str, str]:
    """The environment in which commands are typed with an account; only root can be anybody."""
    return {} if os.getuid() else {"SUDO_USER": login, "SUDO_UID": "1000"}
