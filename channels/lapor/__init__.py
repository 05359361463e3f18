"""The national SP4N-LAPOR platform. Its interface is not public, so each *dialect* is its own small reader.

``LaporChannel(name, dialect)`` is a whole channel; the dialects are MappedJson, Open311, ExportFolder.
"""

from channels.lapor.auth import Credentials
from channels.lapor.channel import LaporChannel
from channels.lapor.export import ExportFolder, ExportSettings
from channels.lapor.http import HttpSettings
from channels.lapor.mapped import MappedJson, MappedSettings
from channels.lapor.open311 import Open311, Open311Settings
from channels.lapor.profile import Login, Profile
from channels.lapor.profile_reader import ProfileError, profile_from

__all__ = [
    "Credentials",
    "ExportFolder",
    "ExportSettings",
    "HttpSettings",
    "LaporChannel",
    "Login",
    "MappedJson",
    "MappedSettings",
    "Open311",
    "Open311Settings",
    "Profile",
    "ProfileError",
    "profile_from",
]
