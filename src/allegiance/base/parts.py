"""Parts of unfinished work: each sealed, so that damage, a mix-up or another run's part is seen before it is used."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allegiance.base.errors import AllegianceError
from allegiance.base.files import read_regular, sha256_text, to_json, write_bytes, write_text
from allegiance.base.tables import from_parquet, to_parquet

if TYPE_CHECKING:
    import polars as pl


def owner_of(wanted: Any) -> str:
    """The name of what a part belongs to: a digest of all that the work is a function of."""
    return sha256_text(to_json(wanted))


def seal(owner: str, name: str, data: bytes) -> str:
    """SHA-256 over whose a part is, what it is called and what it holds, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{owner}\n{name}\n".encode() + data).hexdigest()


class Parts:
    """Tables of unfinished work below `folder`, of the work that `owner` names (see `owner_of`)."""

    def __init__(self, folder: Path, owner: str) -> None:
        self.folder = folder
        self.owner = owner

    def below(self, name: str) -> Parts:
        """Parts of the same work in a folder of their own."""
        return Parts(self.folder / name, f"{self.owner}/{name}")

    def keep(self, name: str, table: pl.DataFrame) -> None:
        """Write one part; `name` may hold a folder, such as ``"C5/arm.parquet"``. It counts once its seal is there.

        Raises:
            AllegianceError: the folder cannot be written.
        """
        data = to_parquet(table)
        write_bytes(self.folder / name, data)
        write_text(self.folder / f"{name}.seal", seal(self.owner, name, data) + "\n")

    def keep_bytes(self, name: str, data: bytes) -> None:
        """Write a part that is no table, its seal in front, in one piece.

        Raises:
            AllegianceError: the folder cannot be written.
        """
        write_bytes(self.folder / name, seal(self.owner, name, data).encode() + b"\n" + data)

    def find_bytes(self, name: str) -> bytes | None:
        """What `keep_bytes` wrote, or None if there is none, it is not whole, or it is another work's."""
        try:
            said, _, data = read_regular(self.folder / name).partition(b"\n")
        except AllegianceError:
            return None
        return data if said == seal(self.owner, name, data).encode() else None

    def find(self, name: str) -> pl.DataFrame | None:
        """A part that was kept, or None if there is none, it is not whole, or it is another work's."""
        import polars as pl

        try:
            said = read_regular(self.folder / f"{name}.seal", 1000).decode("ascii").strip()
            data = read_regular(self.folder / name)
            return from_parquet(data) if seal(self.owner, name, data) == said else None
        except (AllegianceError, UnicodeDecodeError, pl.exceptions.PolarsError, OSError):
            return None
