create table one_time_links (
    token_hash bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    purpose text not null,
    email text not null,
    email_key text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint one_time_links_hash_is_sha256 check (length(token_hash) = 32),
    constraint one_time_links_purpose_known check (
        purpose in ('verify_email', 'reset_password', 'confirm_email_change', 'undo_email_change')
    )
);
create index one_time_links_user_id_idx on one_time_links (user_id);
create index one_time_links_expires_at_idx on one_time_links (expires_at);
-- An address that can still be taken back is given to nobody else meanwhile.
create index one_time_links_reserved_idx on one_time_links (email_key)
    where purpose = 'undo_email_change' and used_at is null;
comment on table one_time_links is 'SHA-256 digests of links that were sent to an address, each of use once and for a short time.';

create table password_reset_requests (
    id bigint generated always as identity primary key,
    email text not null,
    email_key text not null,
    place text not null,
    muted boolean not null,
    requested_at timestamptz not null
);
comment on table password_reset_requests is 'Addresses whose password somebody has forgotten, known here or not: the worker finds out, so that the request does the same work for all.';
