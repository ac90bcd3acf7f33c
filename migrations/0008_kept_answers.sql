create table kept_answers (
    scope bytea primary key,
    user_id uuid references users (id) on delete cascade,
    fingerprint bytea not null,
    sealed bytea not null,
    kept_at timestamptz not null,
    constraint kept_answers_scope_is_sha256 check (length(scope) = 32),
    constraint kept_answers_fingerprint_is_sha256 check (length(fingerprint) = 32)
);
create index kept_answers_kept_at_idx on kept_answers (kept_at);
create index kept_answers_user_id_idx on kept_answers (user_id) where user_id is not null;
comment on table kept_answers is 'Encrypted answers to requests that carried an Idempotency-Key, for a day.';
