"""A conversation's credentials: until when they hold, asking for new ones, taking them. Not here: what a token is (auth)."""

from datetime import UTC, datetime
from functools import partial

import structlog

from server.api.api_tokens import Identity
from server.api.auth import Auth
from server.api.problems import TokenInvalid, error, internal
from server.api.timers import Timers
from server.domain.errors import Refusal
from server.domain.reach import Reach
from server.protocol import codes
from server.protocol.frames import AuthSoon
from server.realtime.session import Session
from server.realtime.sessions import Sessions

log = structlog.get_logger()

RENEW_SECONDS = 60.0
"""How long before its token expires a client is asked for a new one."""

GRACE_SECONDS = 30.0


class Renewal:
    """`reach` is that of the token which opened the conversation; it stays the same."""

    def __init__(self, auth: Auth, sessions: Sessions, session: Session, reach: Reach, timers: Timers) -> None:
        self._auth = auth
        self._reach = reach
        self._sessions = sessions
        self._session = session
        self._timers = timers

    def watch(self, identity: Identity) -> None:
        """From now on the session stands on this token: asks for another before it expires, and closes when none comes."""
        self._sessions.add(self._session, identity.grant)
        if identity.expires_at is None:
            self._timers.stop("renew")
            self._timers.stop("expiry")
            return
        left = (identity.expires_at - datetime.now(UTC)).total_seconds()
        ask = AuthSoon(expires_at=identity.expires_at)
        self._timers.set("renew", max(0.0, left - RENEW_SECONDS), partial(self._session.send, ask))
        close = partial(self._session.close, codes.TOKEN_EXPIRED, "token expired")
        self._timers.set("expiry", left + GRACE_SECONDS, close)

    async def renew(self, token: str) -> None:
        """Takes another token of the same user; anybody else's changes nothing."""
        try:
            identity = await self._auth.identify(token)
            if identity.actor.id != self._session.actor.id:
                raise TokenInvalid("This token is somebody else's.")
            if identity.reach != self._reach:
                raise TokenInvalid("This token reaches further, or not as far: open another connection with it.")
        except Refusal as refusal:
            self._session.send(error(refusal, "auth"))
        except Exception:
            log.exception("token not renewed")
            self._session.send(error(internal(), "auth"))
        else:
            self.watch(identity)
