"""The database alone: commands that only look at cases need none of the channels' libraries."""

from config.settings import Settings
from store import Store


def open_store(settings: Settings) -> Store:
    """The database of the configuration; nothing is opened before its first use."""
    return Store(
        settings.store.connection_url(),
        backup_dir=settings.store.backup_folder,
        message_domain=settings.smtp.sender_address.rpartition("@")[2],
        own_names=(settings.office.name, settings.office.section),
    )
