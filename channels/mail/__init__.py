"""Reading raw e-mail: bytes in, one Message out."""

from channels.mail.reader import read_mail

__all__ = ["read_mail"]
