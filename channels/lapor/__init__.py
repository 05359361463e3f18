"""The national SP4N-LAPOR platform. Its interface is not public, so each *dialect* is its own small reader.

``LaporChannel(name, MappedJson(settings))`` is a whole channel.
"""

from channels.lapor.auth import Credentials
from channels.lapor.channel import LaporChannel
from channels.lapor.http import HttpSettings
from channels.lapor.mapped import MappedJson, MappedSettings
from channels.lapor.profile import Profile
from channels.lapor.profile_reader import profile_from

__all__ = [
    "Credentials",
    "HttpSettings",
    "LaporChannel",
    "MappedJson",
    "MappedSettings",
    "Profile",
    "profile_from",
]
