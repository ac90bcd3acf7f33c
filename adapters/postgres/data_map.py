"""Every column of the schema: what it is for, whether a person gets it, and when it ends.

A column that a migration adds and this table lacks fails a test. The export of somebody's data,
their erasure and the retention of everything are derived from it.
"""

from collections.abc import Mapping

from adapters.postgres.catalog_data import CATALOG_TABLES
from adapters.postgres.credential_data import CREDENTIAL_TABLES
from adapters.postgres.list_data import LIST_TABLES
from adapters.postgres.merge_data import MERGE_TABLES
from adapters.postgres.table_map import INNER, SECRET, TableMap

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
        held_back={"email_key": INNER, "password_hash": SECRET},
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
            "notice": "whether a message told of it, as it began somewhere new",
        },
        held_back={"user_id": INNER},
        over="least(expires_at, revoked_at) < %(now)s - interval '7 days'",
    ),
    "refresh_tokens": TableMap(
        purpose="what sessions go on with",
        kept="a day after it expires",
        held_back=dict.fromkeys(
            ("token_hash", "session_id", "issued_at", "expires_at", "used_at", "successor_hash"),
            SECRET,
        ),
        over="expires_at < %(now)s - interval '1 day'",
    ),
    **CREDENTIAL_TABLES,
    "outgoing_mails": TableMap(
        purpose="messages that wait to be sent",
        kept="until they are sent, a day at the most",
        held_back=dict.fromkeys(
            ("id", "user_id", "content_sealed", "created_at", "due_at", "attempts"),
            "it reaches the person by mail",
        ),
        over="created_at < %(now)s - interval '2 days'",
    ),
    **LIST_TABLES,
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
            ("user_id", "address_digest", "signature", "chain_position", "chain_hash"), INNER
        ),
    ),
    "audit_chain": TableMap(
        purpose="where the audit log begins and ends; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(("kind", "position", "hash", "signature"), INNER),
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
        held_back={"user_id": INNER},
    ),
    "erased_users": TableMap(
        purpose="the memory of who was erased, should a backup be restored",
        kept="for good; a keyed digest says nothing about anybody",
        held_back={"user_hash": INNER, "erased_at": INNER},
    ),
    "artists": TableMap(
        purpose="the catalogue; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(
            (
                "id",
                "canonical_name",
                "sort_key",
                "external_ids",
                "metadata",
                "created_at",
                "disambiguation",
                "kind",
                "source",
                "source_record",
                "source_digest",
                "gone_at",
            ),
            "it belongs to the catalogue",
        ),
    ),
    "artist_names": TableMap(
        purpose="names of artists; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(
            ("artist_id", "name", "search_key", "source", "core"), "it belongs to the catalogue"
        ),
    ),
    "name_words": TableMap(
        purpose="the words of artists' names, for searches; nobody's personal data",
        kept="for good",
        held_back={"word": "it belongs to the catalogue"},
    ),
    "popular_names": TableMap(
        purpose="how many people block an artist, for searches; not who",
        kept="as long as somebody does",
        held_back=dict.fromkeys(
            ("artist_id", "name", "search_key", "core", "popularity"),
            "it belongs to the catalogue",
        ),
    ),
    "artist_external_ids": TableMap(
        purpose="ids of artists; nobody's personal data",
        kept="for good",
        held_back=dict.fromkeys(
            ("service", "external_id", "artist_id", "source"), "it belongs to the catalogue"
        ),
    ),
    **MERGE_TABLES,
    **CATALOG_TABLES,
    "schema_migrations": TableMap(
        purpose="which migrations were applied",
        kept="for good",
        held_back=dict.fromkeys(("version", "name", "checksum", "applied_at"), INNER),
    ),
}
