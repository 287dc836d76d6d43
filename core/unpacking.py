"""How far what is packed may unpack: one bound for every reader of archives.

Sizes that an archive tells of itself can lie, so it is counted what comes out of each entry while
it is read. Neither memory nor disk can be filled by a small file.
"""

import io
from typing import IO

from typing_extensions import Buffer, override

MAX_RATIO = 200  # bytes unpacked for one packed; tables of texts stay below 30, weights below 2
HARMLESS_BYTES = 64 << 20  # may come out of any entry, however small it is


class UnpacksTooFar(Exception):  # noqa: N818  # each reader says it in its own words
    """More comes out of something packed than can have been put in."""


def unpacks_too_far(n_bytes: int, n_packed_bytes: int) -> bool:
    """Tell whether more comes out of something packed than can have been put in."""
    return n_bytes > max(HARMLESS_BYTES, MAX_RATIO * n_packed_bytes)


class BoundedFile(io.RawIOBase):
    """The bytes of something packed, from first to last, as far as they may go."""

    def __init__(self, inner: IO[bytes] | io.IOBase, n_packed_bytes: int | None) -> None:
        """Read `inner`; None says that it is not packed, and may have any length."""
        super().__init__()
        self._inner: IO[bytes] = inner  # type: ignore[assignment]  # whatever can be read
        self._n_packed_bytes = n_packed_bytes
        self._n_read = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        """Fill a buffer.

        Raises:
            UnpacksTooFar: it goes on and on.
        """
        view = memoryview(buffer).cast("B")
        piece = self._inner.read(len(view)) or b""
        view[: len(piece)] = piece
        self._n_read += len(piece)
        packed = self._n_packed_bytes
        if packed is not None and unpacks_too_far(self._n_read, packed):
            raise UnpacksTooFar
        return len(piece)

    @override
    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()
