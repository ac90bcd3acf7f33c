"""The data map of everything that opens accounts."""

from collections.abc import Mapping

from adapters.postgres.table_map import INNER, SECRET, TableMap

CREDENTIAL_TABLES: Mapping[str, TableMap] = {
    "user_totp": TableMap(
        purpose="the second factor",
        kept="until it is switched off; one that was not confirmed, a day",
        rows_of="user_id = %(user_id)s",
        shown={
            "created_at": "when it was set up",
            "confirmed_at": "when it was switched on",
        },
        held_back={"user_id": INNER, "secret_sealed": SECRET, "last_used_step": INNER},
        over="confirmed_at is null and created_at < %(now)s - interval '1 day'",
    ),
    "password_failures": TableMap(
        purpose="passwords that were wrong in a row",
        kept="until a right one, or another password",
        rows_of="user_id = %(user_id)s",
        shown={
            "familiar": "whether they came from devices or sessions that the account knows",
            "failures": "how many",
            "closed_at": "since when no password opens the account any more",
        },
        held_back={"user_id": INNER},
    ),
    "recovery_codes": TableMap(
        purpose="codes that stand in for the second factor",
        kept="until they are replaced",
        rows_of="user_id = %(user_id)s",
        shown={"created_at": "when it was made", "used_at": "when it was used"},
        held_back={"user_id": INNER, "code_hash": SECRET},
    ),
    "user_passkeys": TableMap(
        purpose="passkeys that open the account",
        kept="until they are removed",
        rows_of="user_id = %(user_id)s",
        shown={
            "id": "the passkey's id",
            "name": "what the person calls it",
            "transports": "how its authenticator is reached",
            "backup_eligible": "whether it may be copied to other devices",
            "backed_up": "whether it has been",
            "created_at": "when it was registered",
            "last_used_at": "when it was used last",
            "suspected_at": "since when it is suspected of having been copied",
        },
        held_back={
            "user_id": INNER,
            "credential_id": INNER,
            "public_key": INNER,
            "sign_count": INNER,
        },
    ),
    "api_tokens": TableMap(
        purpose="what integrators may do in the person's name",
        kept="until the account is deleted; of ended ones the twenty newest",
        rows_of="user_id = %(user_id)s",
        shown={
            "id": "the token's id",
            "name": "what the person calls it",
            "scopes": "what it may do",
            "requests_per_minute": "how often, where that is less than the account may",
            "prefix": "how it starts",
            "last_four": "how it ends",
            "created_at": "when it was made",
            "rotated_at": "when it got another secret",
            "expires_at": "when it ends at the latest",
            "last_used_at": "when it was used last",
            "revoked_at": "when it was ended",
        },
        held_back={
            "user_id": INNER,
            "secret_hash": SECRET,
            "previous_hash": SECRET,
            "previous_expires_at": INNER,
        },
    ),
    "passkey_challenges": TableMap(
        purpose="questions to authenticators",
        kept="a day after they expire",
        held_back=dict.fromkeys(
            ("digest", "purpose", "user_id", "created_at", "expires_at", "used_at"), INNER
        ),
        over="expires_at < %(now)s - interval '1 day'",
    ),
    "user_identities": TableMap(
        purpose="identities at providers that open the account",
        kept="until they are unlinked",
        rows_of="user_id = %(user_id)s",
        shown={
            "id": "the identity's id",
            "provider": "the provider, by its name here",
            "issuer": "the provider, by its name for itself",
            "subject": "the provider's name for the person",
            "email": "the e-mail address there when it was linked",
            "created_at": "when it was linked",
            "last_used_at": "when it was used last",
        },
        held_back={"user_id": INNER},
    ),
    "sign_in_attempts": TableMap(
        purpose="ways to a provider and back",
        kept="an hour after they expire",
        held_back={
            **dict.fromkeys(
                ("state_hash", "browser_hash", "secrets_sealed", "outcome_sealed", "code_hash"),
                SECRET,
            ),
            **dict.fromkeys(
                (
                    "id",
                    "provider",
                    "purpose",
                    "user_id",
                    "session_id",
                    "return_to",
                    "created_at",
                    "expires_at",
                    "used_at",
                    "finished_at",
                    "presented_at",
                    "completed_at",
                ),
                INNER,
            ),
        },
        over="expires_at < %(now)s - interval '1 hour'",
    ),
    "one_time_links": TableMap(
        purpose="links that were sent to an address",
        kept="an hour after they expire",
        rows_of="user_id = %(user_id)s",
        shown={
            "purpose": "what the link is for",
            "email": "the address that it went to",
            "created_at": "when it was made",
            "expires_at": "until when it works",
            "used_at": "when it was followed",
        },
        held_back={"token_hash": SECRET, "user_id": INNER, "email_key": INNER},
    ),
    "password_reset_requests": TableMap(
        purpose="forgotten passwords that the worker answers in a moment",
        kept="seconds",
        held_back=dict.fromkeys(
            ("id", "email", "email_key", "place", "muted", "requested_at"), INNER
        ),
        over="requested_at < %(now)s - interval '1 day'",
    ),
    "admin_codes": TableMap(
        purpose="codes of the operator's that make an administrator",
        kept="a day after they expire",
        held_back={
            "code_hash": SECRET,
            "created_at": INNER,
            "expires_at": INNER,
            "used_at": INNER,
            "used_by": "the audit log says it",
        },
        over="expires_at < %(now)s - interval '1 day'",
    ),
}
