"""What every local server here has in common: started on entering a `with` block, stopped on leaving it."""

from types import TracebackType
from typing import Self


class Served:
    """A server with ``start`` and ``stop``, to be used as a context manager."""

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
