"""Configuration of a private Dovecot, for 2.3 (Debian 12) and 2.4 (Debian 13)."""

import base64
import grp
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from testing.certificates import Certificate

_SHARED = """\
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
info_log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
auth_failure_delay = 0
auth_mechanisms = plain login{token_mechanisms}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
last_valid_uid = 0
mail_uid = {mail_user}
mail_gid = {mail_group}
mail_max_userip_connections = 50
mailbox_list_index = no
maildir_stat_dirs = yes
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""

_ONLY_2_3 = """\
ssl = yes
ssl_cert = <{cert_file}
ssl_key = <{key_file}
disable_plaintext_auth = {refuse_plain}
mail_location = maildir:{base}/mail/%u:LAYOUT=fs
mail_home = {base}/home/%u
mail_plugins = acl
plugin {{
  acl = vfile:cache_secs=0
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={base}/home/%u
}}
"""

_TOKENS_2_3 = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf
}}
"""

_OAUTH2_CONF_2_3 = """\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={base}/keys/
username_attribute = email
"""

_ONLY_2_4 = """\
ssl = yes
ssl_server_cert_file = {cert_file}
ssl_server_key_file = {key_file}
auth_allow_cleartext = {allow_plain}
mail_driver = maildir
mail_path = {base}/mail/%{{user}}
mail_home = {base}/home/%{{user}}
mailbox_list_layout = fs
mail_plugins {{
  acl = yes
}}
acl_driver = vfile
acl_cache_ttl = 0
passdb passwd-file {{
  default_password_scheme = plain
  passwd_file_path = {base}/users
}}
userdb static {{
  fields {{
    uid = {mail_user}
    gid = {mail_group}
    home = {base}/home/%{{user}}
  }}
}}
"""

_TOKENS_2_4 = """\
passdb oauth2 {{
  mechanisms_filter = xoauth2 oauthbearer
}}
oauth2 {{
  introspection_mode = local
  username_attribute = email
  oauth2_local_validation {{
    dict fs {{
      fs posix {{
        prefix = {base}/keys/
      }}
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Ports:
    plain: int
    tls: int


def write(
    base: Path,
    version: str,
    *,
    ports: Ports,
    certificate: Certificate,
    token_key: bytes | None,
    plain_login: bool,
) -> Path:
    """Write ``dovecot.conf`` for this version (``2.3.19``) into ``base`` and return its path."""
    modern = not version.startswith("2.3")
    values = _identities() | {
        "base": base,
        "port": ports.plain,
        "tls_port": ports.tls,
        "cert_file": certificate.cert_file,
        "key_file": certificate.key_file,
        "refuse_plain": "no" if plain_login else "yes",
        "allow_plain": "yes" if plain_login else "no",
        "token_mechanisms": " xoauth2 oauthbearer" if token_key else "",
    }
    text = _SHARED + (_ONLY_2_4 if modern else _ONLY_2_3)
    if token_key:
        _write_token_key(base, token_key)
        text += _TOKENS_2_4 if modern else _TOKENS_2_3
        (base / "oauth2.conf").write_text(_OAUTH2_CONF_2_3.format(base=base))
    path = base / "dovecot.conf"
    path.write_text(_versions(version, modern) + text.format(**values))
    return path


def _versions(version: str, modern: bool) -> str:
    if not modern:
        return ""
    return f"dovecot_config_version = {version}\ndovecot_storage_version = {version}\n"


def _identities() -> dict[str, object]:
    """Dovecot as root drops to its own users; as an ordinary user it runs as that user throughout."""
    if os.geteuid() == 0:
        return {
            "internal_user": "dovecot",
            "internal_group": "dovecot",
            "login_user": "dovenull",
            "mail_user": "nobody",
            "mail_group": "nogroup",
        }
    user, group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
    return {
        "internal_user": user,
        "internal_group": group,
        "login_user": user,
        "mail_user": user,
        "mail_group": group,
    }


def _write_token_key(base: Path, key: bytes) -> None:
    folder = base / "keys" / "default" / "HS256"
    folder.mkdir(parents=True)
    (folder / "default").write_text(base64.b64encode(key).decode())
