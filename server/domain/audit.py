"""What the audit log tells of: every change of who may do what that is not in a project's own log."""

from typing import Literal

AuditEvent = Literal[
    "signed_in",
    "sign_in_failed",
    "sign_ins_ended",
    "password_changed",
    "password_reset",
    "email_changed",
    "second_factor_switched_on",
    "second_factor_switched_off",
    "recovery_codes_renewed",
    "data_downloaded",
    "account_deleted",
    "token_created",
    "token_revoked",
    "calendar_feed_created",
    "calendar_feed_revoked",
    "workspace_created",
    "workspace_renamed",
    "workspace_deleted",
    "workspace_transferred",
    "workspace_role_changed",
    "workspace_member_joined",
    "workspace_member_removed",
    "bot_created",
    "invitation_created",
    "invitation_revoked",
    "invitation_accepted",
]
