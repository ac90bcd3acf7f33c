alter table users
    alter column password_hash drop not null,
    add column role text not null default 'member',
    add constraint users_role_known check (role in ('admin', 'moderator', 'curator', 'member'));
comment on column users.password_hash is 'Argon2id; null for somebody who signs in with a passkey or a provider only.';

-- How and when the person of a session last proved who they are: some operations want that to be
-- a few minutes ago.
alter table user_sessions
    add column authenticated_at timestamptz,
    add column methods text[] not null default '{}';
update user_sessions set authenticated_at = created_at;
alter table user_sessions alter column authenticated_at set not null;
create index user_sessions_open_idx on user_sessions (user_id, last_used_at) where revoked_at is null;

create table user_totp (
    user_id uuid primary key references users (id) on delete cascade,
    secret_sealed bytea not null,
    created_at timestamptz not null,
    confirmed_at timestamptz,
    last_used_step bigint not null default 0
);
comment on table user_totp is 'Second factors (RFC 6238): sealed secrets, and the last step that was used, so that no code works twice.';

create table recovery_codes (
    code_hash bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null,
    used_at timestamptz,
    constraint recovery_codes_hash_is_sha256 check (length(code_hash) = 32)
);
create index recovery_codes_user_id_idx on recovery_codes (user_id);
comment on table recovery_codes is 'SHA-256 digests of codes that stand in for a lost second factor, each once.';

create table outgoing_mails (
    id uuid primary key,
    user_id uuid references users (id) on delete cascade,
    content_sealed bytea not null,
    created_at timestamptz not null,
    due_at timestamptz not null,
    attempts integer not null default 0
);
create index outgoing_mails_due_idx on outgoing_mails (due_at);
create index outgoing_mails_user_id_idx on outgoing_mails (user_id);
comment on table outgoing_mails is 'Messages that wait to be sent, sealed since some carry a link that works once; gone when sent.';

create table admin_codes (
    code_hash bytea primary key,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    used_by uuid references users (id) on delete set null
);
comment on table admin_codes is 'Codes from the command line that make whoever redeems one an administrator, once.';
