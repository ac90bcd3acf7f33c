"""Every column of the schema: what it is for, whether a person gets it, and when it ends.

A column that a migration adds and this table lacks fails a test. The export of somebody's data,
their erasure and the retention of everything are derived from it.
"""

from collections.abc import Mapping

import msgspec

# The order in which an id on a service is chosen where a file has room for one.
_LIST_ID = """
coalesce((
    select e.key from jsonb_each_text(a.external_ids) e
    order by array_position(array['spotify', 'apple_music', 'youtube', 'tidal', 'deezer',
                                  'amazon_music', 'musicbrainz'], e.key) limit 1
), 'nodrake')
"""


class TableMap(msgspec.Struct, frozen=True, kw_only=True):
    """One table.

    ``rows_of`` selects one person's rows, ``None`` where there is nobody's. ``shown`` are the
    columns that their person gets, with what each means; ``held_back`` those that they do not,
    with the reason. ``select`` stands in for the plain columns in the export. ``erase`` deletes a
    person's rows where no foreign key does. ``over`` selects what has been kept long enough.
    """

    purpose: str
    kept: str
    rows_of: str | None = None
    shown: Mapping[str, str] = {}
    held_back: Mapping[str, str] = {}
    select: str | None = None
    erase: str | None = None
    over: str | None = None


_SECRET = "a secret, or the digest of one"  # noqa: S105
_INNER = "bookkeeping of the service"

DATA_MAP: Mapping[str, TableMap] = {
    "users": TableMap(
        purpose="the account",
        kept="until it is deleted",
        rows_of="id = %(user_id)s",
        shown={
            "id": "the account's id",
            "email": "the e-mail address",
            "email_verified": "whether the address is proved",
            "role": "what the person is on this service",
            "display_name": "the name that the person is shown under",
            "settings": "the person's settings",
            "created_at": "when the account was opened",
            "updated_at": "when it was changed last",
        },
        held_back={"email_key": _INNER, "password_hash": _SECRET},
    ),
    "user_sessions": TableMap(
        purpose="devices that are or were signed in",
        kept="a week after the end of the session; network address and browser 90 days",
        rows_of="user_id = %(user_id)s",
        shown={
            "id": "the session's id",
            "created_at": "when it began",
            "last_used_at": "when it was used last",
            "expires_at": "when it ends at the latest",
            "revoked_at": "when it was ended",
            "ip_address": "the network address it began from",
            "user_agent": "what the browser said of itself",
            "authenticated_at": "when the person last proved who they are",
            "methods": "how they did that (RFC 8176)",
        },
        held_back={"user_id": _INNER},
        over="least(expires_at, revoked_at) < %(now)s - interval '7 days'",
    ),
    "refresh_tokens": TableMap(
        purpose="what sessions go on with",
        kept="a day after it expires",
        held_back=dict.fromkeys(
            ("token_hash", "session_id", "issued_at", "expires_at", "used_at", "successor_hash"),
            _SECRET,
        ),
        over="expires_at < %(now)s - interval '1 day'",
    ),
    "user_totp": TableMap(
        purpose="the second factor",
        kept="until it is switched off; one that was not confirmed, a day",
        rows_of="user_id = %(user_id)s",
        shown={
            "created_at": "when it was set up",
            "confirmed_at": "when it was switched on",
        },
        held_back={"user_id": _INNER, "secret_sealed": _SECRET, "last_used_step": _INNER},
        over="confirmed_at is null and created_at < %(now)s - interval '1 day'",
    ),
    "recovery_codes": TableMap(
        purpose="codes that stand in for the second factor",
        kept="until they are replaced",
        rows_of="user_id = %(user_id)s",
        shown={"created_at": "when it was made", "used_at": "when it was used"},
        held_back={"user_id": _INNER, "code_hash": _SECRET},
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
            "user_id": _INNER,
            "credential_id": _INNER,
            "public_key": _INNER,
            "sign_count": _INNER,
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
            "user_id": _INNER,
            "secret_hash": _SECRET,
            "previous_hash": _SECRET,
            "previous_expires_at": _INNER,
        },
    ),
    "passkey_challenges": TableMap(
        purpose="questions to authenticators",
        kept="a day after they expire",
        held_back=dict.fromkeys(
            ("digest", "purpose", "user_id", "created_at", "expires_at", "used_at"), _INNER
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
        held_back={"user_id": _INNER},
    ),
    "sign_in_attempts": TableMap(
        purpose="ways to a provider and back",
        kept="an hour after they expire",
        held_back={
            **dict.fromkeys(
                ("state_hash", "browser_hash", "secrets_sealed", "outcome_sealed", "code_hash"),
                _SECRET,
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
                _INNER,
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
        held_back={"token_hash": _SECRET, "user_id": _INNER, "email_key": _INNER},
    ),
    "password_reset_requests": TableMap(
        purpose="forgotten passwords that the worker answers in a moment",
        kept="seconds",
        held_back=dict.fromkeys(
            ("id", "email", "email_key", "place", "muted", "requested_at"), _INNER
        ),
        over="requested_at < %(now)s - interval '1 day'",
    ),
    "outgoing_mails": TableMap(
        purpose="messages that wait to be sent",
        kept="until they are sent, a day at the most",
        held_back=dict.fromkeys(
            ("id", "user_id", "content_sealed", "created_at", "due_at", "attempts"),
            "it reaches the person by mail",
        ),
        over="created_at < %(now)s - interval '2 days'",
    ),
    "admin_codes": TableMap(
        purpose="codes of the operator's that make an administrator",
        kept="a day after they expire",
        held_back={
            "code_hash": _SECRET,
            "created_at": _INNER,
            "expires_at": _INNER,
            "used_at": _INNER,
            "used_by": "the audit log says it",
        },
        over="expires_at < %(now)s - interval '1 day'",
    ),
    "user_artist_blocks": TableMap(
        purpose="the do-not-play list, as importing takes it back",
        kept="until the entry is taken off",
        rows_of="b.user_id = %(user_id)s",
        shown={
            "artist": "the artist's name",
            "id": "the artist's id on a service",
            "service": "which service that is",
            "tags": "the person's words for it",
            "note": "the person's note",
            "added_at": "since when it is on the list",
        },
        held_back={"user_id": _INNER, "artist_id": _INNER, "created_at": "shown as added_at"},
        select=f"""
            select a.canonical_name as artist,
                   coalesce(a.external_ids->>s.service, a.id::text) as id, s.service,
                   array_to_string(b.tags, ';') as tags, b.note,
                   b.created_at as added_at
            from user_artist_blocks b
            join artists a on a.id = b.artist_id
            cross join lateral (select {_LIST_ID} as service) s
        """,  # noqa: S608
    ),
    "audit_log": TableMap(
        purpose="what was done to the account and its data, by whom and from where",
        kept="a year; the network address 90 days",
        rows_of="user_id = %(user_id)s",
        shown={
            "id": "the record's id",
            "action": "what was done",
            "resource_type": "to what kind of thing",
            "resource_id": "to which one",
            "ip_address": "the network address it came from",
            "user_agent": "what the browser said of itself",
            "request_id": "the request's id",
            "outcome": "whether it was done or refused",
            "old_state": "how it was before, in outline",
            "new_state": "how it was afterwards, in outline",
            "created_at": "when",
        },
        held_back=dict.fromkeys(
            ("user_id", "address_digest", "signature", "chain_position", "chain_hash"), _INNER
        ),
    ),
    "audit_chain": TableMap(
        purpose="where the audit log begins and ends; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(("kind", "position", "hash", "signature"), _INNER),
    ),
    "outbox": TableMap(
        purpose="events on their way to other parts of the service",
        kept="a week after they were told",
        held_back=dict.fromkeys(
            ("id", "type", "user_id", "payload", "occurred_at", "relayed_at"),
            "the audit log has the same",
        ),
        erase="delete from outbox where user_id = %(user_id)s",
    ),
    "kept_answers": TableMap(
        purpose="answers to requests that may be sent again",
        kept="a day",
        held_back=dict.fromkeys(
            ("scope", "user_id", "fingerprint", "sealed", "kept_at"), "the person has had them"
        ),
    ),
    "account_deletions": TableMap(
        purpose="accounts that are going to be erased",
        kept="until that is done",
        rows_of="user_id = %(user_id)s",
        shown={"requested_at": "when it was asked for", "due_at": "when it will be done"},
        held_back={"user_id": _INNER},
    ),
    "erased_users": TableMap(
        purpose="the memory of who was erased, should a backup be restored",
        kept="for good; a keyed digest says nothing about anybody",
        held_back={"user_hash": _INNER, "erased_at": _INNER},
    ),
    "artists": TableMap(
        purpose="the catalogue; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(
            ("id", "canonical_name", "sort_key", "external_ids", "metadata", "created_at"),
            "it belongs to the catalogue",
        ),
    ),
    "artist_names": TableMap(
        purpose="names of artists; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(
            ("artist_id", "name", "search_key", "source"), "it belongs to the catalogue"
        ),
    ),
    "artist_external_ids": TableMap(
        purpose="ids of artists; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(
            ("service", "external_id", "artist_id"), "it belongs to the catalogue"
        ),
    ),
    "schema_migrations": TableMap(
        purpose="which migrations were applied",
        kept="for good",
        held_back=dict.fromkeys(("version", "name", "checksum", "applied_at"), _INNER),
    ),
}
