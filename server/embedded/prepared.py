"""What a start need not do again: a database that this code has migrated and filled before is known by a stamp."""

import hashlib
from pathlib import Path

from server.embedded.postgres import Postgres
from server.embedded.service import Service

_MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"


class Prepared:
    """What was done before to the database in `data_dir`. One from elsewhere is never known: others may have changed it.

    `accounts` is a file with what the demo had to say; it is there when the demo board is.
    """

    def __init__(self, data_dir: Path, database: Service | None) -> None:
        self.accounts = data_dir / "demo.txt"
        self._stamped = data_dir / "prepared"
        self._secret = data_dir / "secret"
        self._postgres = database if isinstance(database, Postgres) else None

    def take(self) -> bool:
        """Whether the database is migrated. Afterwards it counts as not prepared: only a start that succeeds says `put`."""
        stamp = self._stamped.read_text() if self._stamped.exists() else None
        self._stamped.unlink(missing_ok=True)
        known = self._postgres is not None and stamp == self._stamp(self._postgres)
        if not known:
            self.accounts.unlink(missing_ok=True)
        return known

    def put(self) -> None:
        """Everything serves, so the database is as it should be."""
        if self._postgres is not None:
            self._stamped.write_text(self._stamp(self._postgres))

    def _stamp(self, postgres: Postgres) -> str:
        """Another cluster, secret or migration makes another stamp."""
        secret = self._secret.read_bytes() if self._secret.exists() else b""
        migrations = [migration.read_bytes() for migration in sorted(_MIGRATIONS.glob("*.py"))]
        return hashlib.sha256(b"\0".join([postgres.identity, secret, *migrations])).hexdigest()
