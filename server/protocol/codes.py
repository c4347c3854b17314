"""Close codes of the socket, by range: 4000–4099 do not come back unchanged, 4100–4199 come back with back-off, 4200–4299 at once."""

from typing import Final

NORMAL: Final = 1000
ABNORMAL: Final = 1006
"""Never sent: the connection broke."""
TOO_LARGE: Final = 1009
BAD_MESSAGE: Final = 4000
UNAUTHENTICATED: Final = 4001
FORBIDDEN: Final = 4003
WRONG_PROTOCOL: Final = 4004
TOKEN_EXPIRED: Final = 4101
TOO_SLOW: Final = 4108
TOO_FAST: Final = 4109
OVERLOADED: Final = 4110
DRAIN: Final = 4200
NO_HEARTBEAT: Final = 4205

KNOWN: Final = frozenset(
    {
        NORMAL,
        ABNORMAL,
        TOO_LARGE,
        BAD_MESSAGE,
        UNAUTHENTICATED,
        FORBIDDEN,
        WRONG_PROTOCOL,
        TOKEN_EXPIRED,
        TOO_SLOW,
        TOO_FAST,
        OVERLOADED,
        DRAIN,
        NO_HEARTBEAT,
    }
)
