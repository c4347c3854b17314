"""What the routes work with, made by the composition root and handed down. Holds nothing else."""

from dataclasses import dataclass

from server.api.auth import Auth
from server.api.greeting import Reception
from server.api.limits import Commands
from server.api.passwords import Passwords
from server.api.pictures import Pictures
from server.api.provider import Provider
from server.api.quotas import Quotas
from server.commands.executor import Executor
from server.heartbeat import Heartbeats
from server.realtime.numbers import Numbers
from server.realtime.rooms import Rooms
from server.realtime.sessions import Sessions
from server.settings import Settings
from server.storage.accounts import Accounts
from server.storage.engine import Database
from server.storage.files import Files
from server.storage.idempotency import Answers
from server.storage.postbox import Postbox
from server.storage.sign_ins import SignIns
from server.storage.snapshots import Snapshots
from server.storage.statistics import Counts
from server.storage.vault import Vault
from server.telemetry import Telemetry


@dataclass(frozen=True, slots=True)
class Services:
    """`provider` is None where none is configured, `heartbeats` where there is no Redis, and so neither worker nor clock."""

    settings: Settings
    database: Database
    accounts: Accounts
    sign_ins: SignIns
    answers: Answers
    auth: Auth
    passwords: Passwords
    provider: Provider | None
    pictures: Pictures
    quotas: Quotas
    commands: Commands
    vault: Vault
    postbox: Postbox
    files: Files
    reception: Reception
    executor: Executor
    snapshots: Snapshots
    counts: Counts
    numbers: Numbers
    rooms: Rooms
    sessions: Sessions
    telemetry: Telemetry
    heartbeats: Heartbeats | None
