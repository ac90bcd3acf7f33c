create table api_tokens (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    name text not null,
    scopes text[] not null,
    requests_per_minute integer,
    prefix text not null,
    last_four text not null,
    secret_hash bytea not null,
    previous_hash bytea,
    previous_expires_at timestamptz,
    created_at timestamptz not null,
    rotated_at timestamptz,
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz,
    constraint api_tokens_hash_is_sha256 check (length(secret_hash) = 32),
    constraint api_tokens_previous_hash_is_sha256 check (length(previous_hash) = 32),
    constraint api_tokens_previous_hash_ends
        check ((previous_hash is null) = (previous_expires_at is null)),
    constraint api_tokens_limit_is_positive check (requests_per_minute > 0)
);
create index api_tokens_user_id_idx on api_tokens (user_id, created_at);
comment on table api_tokens is 'What people let integrators do: SHA-256 digests of the secret, and of the one before it while both work.';
