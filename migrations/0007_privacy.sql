create table account_deletions (
    user_id uuid primary key references users (id) on delete cascade,
    requested_at timestamptz not null,
    due_at timestamptz not null
);
create index account_deletions_due_idx on account_deletions (due_at);
comment on table account_deletions is 'People who want their account gone: they can change their mind until due_at.';

create table erased_users (
    user_hash bytea primary key,
    erased_at timestamptz not null,
    constraint erased_users_hash_is_sha256 check (length(user_hash) = 32)
);
comment on table erased_users is 'Keyed digests of the ids of erased people, so that a restored backup can be erased again.';
