"""The database alone: commands that only look at cases need none of the channels' libraries."""

from config.secrets import NOT_THERE, SecretError
from config.settings import Settings
from store import Store
from store.keyring import Keyring


def open_store(settings: Settings) -> Store:
    """The database of the configuration; nothing is opened before its first use."""
    return Store(
        settings.store.connection_url(),
        backup_dir=settings.store.backup_folder,
        message_domain=settings.smtp.sender_address.rpartition("@")[2],
        own_names=(settings.office.name, settings.office.section),
        keyring=keyring_of(settings),
        must_seal=True,
    )


def keyring_of(settings: Settings) -> Keyring | None:
    """The keys of the configuration; None where none were made. Raises SecretError, KeyFileWrong."""
    try:
        return Keyring.parse(settings.privacy.key.reveal())
    except SecretError as error:
        if error.code in NOT_THERE:
            return None
        raise
