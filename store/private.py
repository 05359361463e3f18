"""Files with people's data: for their owner only, who is whoever owns the folder they lie in.

The daemon has a user of its own. What root makes in that user's folder, by a command typed as root,
must not lock the daemon out.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path


def create(file: Path, *, folder: Path | None = None) -> None:
    """Make an empty file. ``folder`` is where it will lie, by default where it is made.

    Raises FileExistsError also for a link that leads nowhere: root must not be led into giving away
    a file that is somebody else's.
    """
    made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        if os.geteuid() == 0:
            owner = (folder or file.parent).stat()
            with suppress(PermissionError):  # file systems of memory sticks know no owners
                os.fchown(made, owner.st_uid, owner.st_gid)
    finally:
        os.close(made)


def ensure(file: Path) -> None:
    """Make an empty file if there is none. Raises OSError where it cannot be written, or is a folder.

    One that is there is not opened: to close a database's file frees every lock that this process has on
    it, whatever its connections think, and the next process to leave takes the write-ahead log away.
    """
    try:
        create(file)
    except FileExistsError:
        if not stat.S_ISREG(file.stat().st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(file)) from None
        if not os.access(file, os.R_OK | os.W_OK, effective_ids=True):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(file)) from None


def ensure_folder(folder: Path) -> None:
    """Make a folder, and those above it, if there is none."""
    if folder.exists():
        return
    ensure_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        owner = folder.parent.stat()
        with suppress(PermissionError):
            os.chown(folder, owner.st_uid, owner.st_gid, follow_symlinks=False)
