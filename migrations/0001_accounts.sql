create table users (
    id uuid primary key,
    email text not null,
    email_key text not null,
    email_verified boolean not null default false,
    password_hash text not null,
    display_name text,
    settings jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint users_email_key_unique unique (email_key)
);
comment on table users is 'People with an account; email_key is the folded address by which two are compared.';

create table user_sessions (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    ip_address inet,
    user_agent text
);
create index user_sessions_user_id_idx on user_sessions (user_id);
comment on table user_sessions is 'Signed-in devices: one family of refresh tokens each.';

create table refresh_tokens (
    token_hash bytea primary key,
    session_id uuid not null references user_sessions (id) on delete cascade,
    issued_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    successor_hash bytea,
    constraint refresh_tokens_hash_is_sha256 check (length(token_hash) = 32)
);
create index refresh_tokens_session_id_idx on refresh_tokens (session_id);
comment on table refresh_tokens is 'SHA-256 digests of refresh tokens; each is used once and then names its successor.';
