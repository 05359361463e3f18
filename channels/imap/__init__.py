from channels.imap.channel import ImapChannel
from channels.imap.settings import ImapSettings, OAuthAuth, PasswordAuth

__all__ = ["ImapChannel", "ImapSettings", "OAuthAuth", "PasswordAuth"]
