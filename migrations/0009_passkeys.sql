-- Passkeys (WebAuthn Level 3): the public half of each, and the challenges that prove possession.

create table user_passkeys (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    credential_id bytea not null,
    public_key bytea not null,
    sign_count bigint not null,
    transports text[] not null,
    backup_eligible boolean not null,
    backed_up boolean not null,
    name text not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    suspected_at timestamptz,
    constraint user_passkeys_credential_id_unique unique (credential_id),
    constraint user_passkeys_credential_id_length check (length(credential_id) between 1 and 1023),
    constraint user_passkeys_sign_count_is_uint32 check (sign_count between 0 and 4294967295),
    constraint user_passkeys_backup_is_eligible check (backup_eligible or not backed_up)
);
create index user_passkeys_user_id_idx on user_passkeys (user_id, created_at);
comment on table user_passkeys is 'Passkeys: credential ids and public keys; suspected_at marks one whose counter went backwards, which signs nobody in any more.';

create table passkey_challenges (
    digest bytea primary key,
    purpose text not null,
    user_id uuid references users (id) on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint passkey_challenges_digest_is_sha256 check (length(digest) = 32),
    constraint passkey_challenges_purpose_known check (purpose in ('registration', 'assertion')),
    constraint passkey_challenges_owner_known check ((purpose = 'registration') = (user_id is not null)),
    constraint passkey_challenges_are_short_lived check (expires_at <= created_at + interval '5 minutes')
);
create index passkey_challenges_expires_at_idx on passkey_challenges (expires_at);
create index passkey_challenges_user_id_idx on passkey_challenges (user_id);
comment on table passkey_challenges is 'SHA-256 digests of challenges for authenticators, each good for one answer within five minutes.';
