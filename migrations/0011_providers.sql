create table user_identities (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    provider text not null,
    issuer text not null,
    subject text not null,
    email text,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    constraint user_identities_issuer_subject_unique unique (issuer, subject)
);
create index user_identities_user_id_idx on user_identities (user_id);
comment on table user_identities is 'Who people are at providers, by issuer and subject; the address is as it was when linked, and never decides.';

create table sign_in_attempts (
    id uuid primary key,
    state_hash bytea not null,
    browser_hash bytea not null,
    provider text not null,
    purpose text not null,
    user_id uuid references users (id) on delete cascade,
    session_id uuid references user_sessions (id) on delete cascade,
    return_to text,
    secrets_sealed bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    outcome_sealed bytea,
    code_hash bytea,
    finished_at timestamptz,
    presented_at timestamptz,
    completed_at timestamptz,
    constraint sign_in_attempts_state_unique unique (state_hash),
    constraint sign_in_attempts_code_unique unique (code_hash),
    constraint sign_in_attempts_hashes_are_sha256 check (length(state_hash) = 32 and length(browser_hash) = 32),
    constraint sign_in_attempts_purpose_known check (
        purpose = 'sign_in' and user_id is null and session_id is null
        or purpose = 'link' and user_id is not null and session_id is not null
    )
);
create index sign_in_attempts_expires_at_idx on sign_in_attempts (expires_at);
create index sign_in_attempts_user_id_idx on sign_in_attempts (user_id) where user_id is not null;
create index sign_in_attempts_session_id_idx on sign_in_attempts (session_id) where session_id is not null;
comment on table sign_in_attempts is 'Ways to a provider and back, bound to one browser: digests, the sealed PKCE verifier and nonce, and the sealed answer for a minute.';
