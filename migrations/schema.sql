-- What the migrations add up to. Written by `make schema`; never edited by hand.

-- People who want their account gone: they can change their mind until due_at.
create table account_deletions (
    user_id uuid not null,
    requested_at timestamp with time zone not null,
    due_at timestamp with time zone not null,
    constraint account_deletions_pkey PRIMARY KEY (user_id),
    constraint account_deletions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX account_deletions_due_idx ON public.account_deletions USING btree (due_at);

-- Codes from the command line that make whoever redeems one an administrator, once.
create table admin_codes (
    code_hash bytea not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    used_at timestamp with time zone,
    used_by uuid,
    constraint admin_codes_pkey PRIMARY KEY (code_hash),
    constraint admin_codes_used_by_fkey FOREIGN KEY (used_by) REFERENCES users(id) ON DELETE SET NULL
);

-- What people let integrators do: SHA-256 digests of the secret, and of the one before it while both work.
create table api_tokens (
    id uuid not null,
    user_id uuid not null,
    name text not null,
    scopes text[] not null,
    requests_per_minute integer,
    prefix text not null,
    last_four text not null,
    secret_hash bytea not null,
    previous_hash bytea,
    previous_expires_at timestamp with time zone,
    created_at timestamp with time zone not null,
    rotated_at timestamp with time zone,
    expires_at timestamp with time zone not null,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    constraint api_tokens_pkey PRIMARY KEY (id),
    constraint api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint api_tokens_hash_is_sha256 CHECK ((length(secret_hash) = 32)),
    constraint api_tokens_limit_is_positive CHECK ((requests_per_minute > 0)),
    constraint api_tokens_previous_hash_ends CHECK (((previous_hash IS NULL) = (previous_expires_at IS NULL))),
    constraint api_tokens_previous_hash_is_sha256 CHECK ((length(previous_hash) = 32))
);
CREATE INDEX api_tokens_user_id_idx ON public.api_tokens USING btree (user_id, created_at);

-- What identifies an artist: ids on services. A name never does.
create table artist_external_ids (
    service text not null,
    external_id text not null,
    artist_id uuid not null,
    source text not null default 'import'::text,
    constraint artist_external_ids_pkey PRIMARY KEY (service, external_id),
    constraint artist_external_ids_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id) ON DELETE CASCADE
);
CREATE INDEX artist_external_ids_artist_id_idx ON public.artist_external_ids USING btree (artist_id);

-- Entries that a merge moved; and for who had both artists on the list, each entry as it was.
create table artist_merge_entries (
    merge_id uuid not null,
    user_id uuid not null,
    created_at timestamp with time zone not null,
    ours jsonb,
    theirs jsonb,
    combined jsonb,
    constraint artist_merge_entries_pkey PRIMARY KEY (merge_id, user_id),
    constraint artist_merge_entries_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES artist_merges(id) ON DELETE CASCADE,
    constraint artist_merge_entries_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX artist_merge_entries_user_id_idx ON public.artist_merge_entries USING btree (user_id);

-- Exceptions that a merge moved; and of who had excepted both artists, the one that went.
create table artist_merge_exceptions (
    merge_id uuid not null,
    user_id uuid not null,
    exception_id uuid not null,
    dropped jsonb,
    constraint artist_merge_exceptions_pkey PRIMARY KEY (merge_id, exception_id),
    constraint artist_merge_exceptions_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES artist_merges(id) ON DELETE CASCADE,
    constraint artist_merge_exceptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX artist_merge_exceptions_user_id_idx ON public.artist_merge_exceptions USING btree (user_id);

-- Which artist became part of which, with what it brought along: enough to undo it.
create table artist_merges (
    id uuid not null,
    position bigint not null,
    artist_id uuid not null,
    survivor_id uuid not null,
    merged_by uuid,
    merged_at timestamp with time zone not null,
    undone_at timestamp with time zone,
    redirected uuid[] not null default '{}'::uuid[],
    names text[] not null default '{}'::text[],
    duplicate_names jsonb not null default '[]'::jsonb,
    external_ids jsonb not null default '[]'::jsonb,
    constraint artist_merges_pkey PRIMARY KEY (id),
    constraint artist_merges_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id),
    constraint artist_merges_merged_by_fkey FOREIGN KEY (merged_by) REFERENCES users(id) ON DELETE SET NULL,
    constraint artist_merges_survivor_id_fkey FOREIGN KEY (survivor_id) REFERENCES artists(id),
    constraint artist_merges_two_artists CHECK ((artist_id <> survivor_id))
);
CREATE UNIQUE INDEX artist_merges_artist_id_idx ON public.artist_merges USING btree (artist_id) WHERE (undone_at IS NULL);
CREATE INDEX artist_merges_merged_by_idx ON public.artist_merges USING btree (merged_by) WHERE (merged_by IS NOT NULL);
CREATE INDEX artist_merges_survivor_id_idx ON public.artist_merges USING btree (survivor_id) WHERE (undone_at IS NULL);

-- Every name that an artist goes by, with the folded key by which it is found.
create table artist_names (
    artist_id uuid not null,
    name text not null,
    search_key text not null,
    source text not null,
    core text default name_core(search_key),
    constraint artist_names_pkey PRIMARY KEY (artist_id, name),
    constraint artist_names_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id) ON DELETE CASCADE
);
CREATE INDEX artist_names_around_1_idx ON public.artist_names USING btree (around_part(core, char_length(core), 1));
CREATE INDEX artist_names_around_2_idx ON public.artist_names USING btree (around_part(core, char_length(core), 2));
CREATE INDEX artist_names_around_3_idx ON public.artist_names USING btree (around_part(core, char_length(core), 3));
CREATE INDEX artist_names_core_idx ON public.artist_names USING btree (core text_pattern_ops);
CREATE INDEX artist_names_lexemes_idx ON public.artist_names USING gin (name_lexemes(search_key));
CREATE INDEX artist_names_search_key_idx ON public.artist_names USING btree (search_key text_pattern_ops);

-- Ids of merged artists, each with the artist that is meant now: never one that is merged itself.
create table artist_redirects (
    artist_id uuid not null,
    survivor_id uuid not null,
    constraint artist_redirects_pkey PRIMARY KEY (artist_id),
    constraint artist_redirects_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id),
    constraint artist_redirects_survivor_id_fkey FOREIGN KEY (survivor_id) REFERENCES artists(id),
    constraint artist_redirects_two_artists CHECK ((artist_id <> survivor_id))
);
CREATE INDEX artist_redirects_survivor_id_idx ON public.artist_redirects USING btree (survivor_id);

-- The catalogue: one row for each artist, whatever services call them.
create table artists (
    id uuid not null,
    canonical_name text not null,
    sort_key text not null,
    external_ids jsonb not null default '{}'::jsonb,
    metadata jsonb not null default '{}'::jsonb,
    created_at timestamp with time zone not null default now(),
    disambiguation text,
    kind text,
    source text not null default 'import'::text,
    source_record text,
    source_digest uuid,
    gone_at timestamp with time zone,
    constraint artists_pkey PRIMARY KEY (id),
    constraint artists_canonical_name_length CHECK (((char_length(canonical_name) >= 1) AND (char_length(canonical_name) <= 255))),
    constraint artists_kind_known CHECK ((kind = ANY (ARRAY['person'::text, 'group'::text, 'orchestra'::text, 'choir'::text, 'character'::text, 'other'::text])))
);

-- Signed places in the chain of audit_log: its newest row, and the last that retention removed.
create table audit_chain (
    kind text not null,
    position bigint not null,
    hash bytea not null,
    signature bytea not null,
    constraint audit_chain_pkey PRIMARY KEY (kind),
    constraint audit_chain_kind_known CHECK ((kind = ANY (ARRAY['head'::text, 'floor'::text])))
);

-- Who did what, from where: written in the transaction of the deed, sealed into a hash chain.
create table audit_log (
    id uuid not null,
    user_id uuid,
    action text not null,
    resource_type text not null,
    resource_id text,
    ip_address inet,
    user_agent text,
    request_id text not null,
    created_at timestamp with time zone not null default now(),
    outcome text not null default 'success'::text,
    old_state jsonb,
    new_state jsonb,
    address_digest bytea,
    signature bytea,
    chain_position bigint,
    chain_hash bytea,
    constraint audit_log_chain_position_unique UNIQUE (chain_position),
    constraint audit_log_pkey PRIMARY KEY (id),
    constraint audit_log_chain_whole CHECK (((chain_position IS NULL) = (chain_hash IS NULL))),
    constraint audit_log_outcome_known CHECK ((outcome = ANY (ARRAY['success'::text, 'refused'::text])))
);
CREATE INDEX audit_log_addresses_idx ON public.audit_log USING btree (created_at) WHERE (ip_address IS NOT NULL);
CREATE INDEX audit_log_created_at_idx ON public.audit_log USING btree (created_at, id);
CREATE INDEX audit_log_unsealed_idx ON public.audit_log USING btree (id) WHERE (chain_hash IS NULL);
CREATE INDEX audit_log_user_id_idx ON public.audit_log USING btree (user_id, created_at, id);

-- Entries as they were before a bulk change edited or removed them.
create table bulk_change_entries (
    change_id uuid not null,
    artist_id uuid not null,
    tags text[] not null,
    note text,
    note_key text not null,
    until timestamp with time zone,
    source text not null,
    source_name text,
    created_at timestamp with time zone not null,
    constraint bulk_change_entries_pkey PRIMARY KEY (change_id, artist_id),
    constraint bulk_change_entries_change_id_fkey FOREIGN KEY (change_id) REFERENCES bulk_changes(id) ON DELETE CASCADE
);

-- Changes of many entries at once; what one of them touched last has its id in change_id.
create table bulk_changes (
    id uuid not null,
    place bigint not null,
    user_id uuid not null,
    kind text not null,
    entries integer not null,
    made_at timestamp with time zone not null,
    undone_at timestamp with time zone,
    constraint bulk_changes_pkey PRIMARY KEY (id),
    constraint bulk_changes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint bulk_changes_kind_known CHECK ((kind = ANY (ARRAY['add'::text, 'edit'::text, 'remove'::text, 'import'::text])))
);
CREATE INDEX bulk_changes_user_id_idx ON public.bulk_changes USING btree (user_id, place);

-- Which dump was imported when, what it changed, and how far an unfinished one has come.
create table catalog_imports (
    id uuid not null,
    source text not null,
    dump text not null,
    dump_mark text not null,
    stage text not null,
    lines_read jsonb not null default '{}'::jsonb,
    staged bigint not null default 0,
    merged int8multirange not null default '{}'::int8multirange,
    added bigint not null default 0,
    matched bigint not null default 0,
    changed bigint not null default 0,
    unchanged bigint not null default 0,
    contested bigint not null default 0,
    gone bigint not null default 0,
    left_out bigint not null default 0,
    started_at timestamp with time zone not null,
    finished_at timestamp with time zone,
    constraint catalog_imports_pkey PRIMARY KEY (id),
    constraint catalog_imports_source_fkey FOREIGN KEY (source) REFERENCES catalog_sources(name),
    constraint catalog_imports_stage_known CHECK ((stage = ANY (ARRAY['reading'::text, 'merging'::text, 'done'::text, 'abandoned'::text])))
);
CREATE UNIQUE INDEX catalog_imports_one_at_a_time_idx ON public.catalog_imports USING btree ((true)) WHERE (stage = ANY (ARRAY['reading'::text, 'merging'::text]));

-- Where rows of the catalogue come from and under which licence (SPDX); none where it is not known.
create table catalog_sources (
    name text not null,
    title text not null,
    licence text,
    address text,
    constraint catalog_sources_pkey PRIMARY KEY (name)
);

-- Ids that a source gives to an artist while another one has them; given once they are free.
create table contested_external_ids (
    service text not null,
    external_id text not null,
    artist_id uuid not null,
    source text not null,
    constraint contested_external_ids_pkey PRIMARY KEY (service, external_id, artist_id),
    constraint contested_external_ids_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id) ON DELETE CASCADE
);
CREATE INDEX contested_external_ids_artist_id_idx ON public.contested_external_ids USING btree (artist_id);

-- Keyed digests of the ids of erased people, so that a restored backup can be erased again.
create table erased_users (
    user_hash bytea not null,
    erased_at timestamp with time zone not null,
    constraint erased_users_pkey PRIMARY KEY (user_hash),
    constraint erased_users_hash_is_sha256 CHECK ((length(user_hash) = 32))
);

-- Encrypted answers to requests that carried an Idempotency-Key, for a day.
create table kept_answers (
    scope bytea not null,
    user_id uuid,
    fingerprint bytea not null,
    sealed bytea not null,
    kept_at timestamp with time zone not null,
    constraint kept_answers_pkey PRIMARY KEY (scope),
    constraint kept_answers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint kept_answers_fingerprint_is_sha256 CHECK ((length(fingerprint) = 32)),
    constraint kept_answers_scope_is_sha256 CHECK ((length(scope) = 32))
);
CREATE INDEX kept_answers_kept_at_idx ON public.kept_answers USING btree (kept_at);
CREATE INDEX kept_answers_user_id_idx ON public.kept_answers USING btree (user_id) WHERE (user_id IS NOT NULL);

-- The words that names of artists are made of.
create table name_words (
    word text not null
);
CREATE INDEX name_words_around_1_idx ON public.name_words USING btree (around_part(word, char_length(word), 1));
CREATE INDEX name_words_around_2_idx ON public.name_words USING btree (around_part(word, char_length(word), 2));
CREATE INDEX name_words_around_3_idx ON public.name_words USING btree (around_part(word, char_length(word), 3));
CREATE INDEX name_words_word_idx ON public.name_words USING btree (word text_pattern_ops);

-- SHA-256 digests of links that were sent to an address, each of use once and for a short time.
create table one_time_links (
    token_hash bytea not null,
    user_id uuid not null,
    purpose text not null,
    email text not null,
    email_key text not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    used_at timestamp with time zone,
    constraint one_time_links_pkey PRIMARY KEY (token_hash),
    constraint one_time_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint one_time_links_hash_is_sha256 CHECK ((length(token_hash) = 32)),
    constraint one_time_links_purpose_known CHECK ((purpose = ANY (ARRAY['verify_email'::text, 'reset_password'::text, 'confirm_email_change'::text, 'undo_email_change'::text])))
);
CREATE INDEX one_time_links_expires_at_idx ON public.one_time_links USING btree (expires_at);
CREATE INDEX one_time_links_reserved_idx ON public.one_time_links USING btree (email_key) WHERE ((purpose = 'undo_email_change'::text) AND (used_at IS NULL));
CREATE INDEX one_time_links_user_id_idx ON public.one_time_links USING btree (user_id);

-- Events that the worker tells to the rest of the world, at least once each.
create table outbox (
    id uuid not null,
    type text not null,
    user_id uuid not null,
    payload jsonb not null,
    occurred_at timestamp with time zone not null,
    relayed_at timestamp with time zone,
    constraint outbox_pkey PRIMARY KEY (id)
);
CREATE INDEX outbox_relayed_idx ON public.outbox USING btree (relayed_at) WHERE (relayed_at IS NOT NULL);
CREATE INDEX outbox_waiting_idx ON public.outbox USING btree (id) WHERE (relayed_at IS NULL);

-- Messages that wait to be sent, sealed since some carry a link that works once; gone when sent.
create table outgoing_mails (
    id uuid not null,
    user_id uuid,
    content_sealed bytea not null,
    created_at timestamp with time zone not null,
    due_at timestamp with time zone not null,
    attempts integer not null default 0,
    constraint outgoing_mails_pkey PRIMARY KEY (id),
    constraint outgoing_mails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX outgoing_mails_due_idx ON public.outgoing_mails USING btree (due_at);
CREATE INDEX outgoing_mails_user_id_idx ON public.outgoing_mails USING btree (user_id);

-- SHA-256 digests of challenges for authenticators, each good for one answer within five minutes.
create table passkey_challenges (
    digest bytea not null,
    purpose text not null,
    user_id uuid,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    used_at timestamp with time zone,
    constraint passkey_challenges_pkey PRIMARY KEY (digest),
    constraint passkey_challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint passkey_challenges_are_short_lived CHECK ((expires_at <= (created_at + '00:05:00'::interval))),
    constraint passkey_challenges_digest_is_sha256 CHECK ((length(digest) = 32)),
    constraint passkey_challenges_owner_known CHECK (((purpose = 'registration'::text) = (user_id IS NOT NULL))),
    constraint passkey_challenges_purpose_known CHECK ((purpose = ANY (ARRAY['registration'::text, 'assertion'::text])))
);
CREATE INDEX passkey_challenges_expires_at_idx ON public.passkey_challenges USING btree (expires_at);
CREATE INDEX passkey_challenges_user_id_idx ON public.passkey_challenges USING btree (user_id);

-- Attempts with the password that have failed in a row: of strangers, and of devices and sessions that the account knows.
create table password_failures (
    user_id uuid not null,
    familiar boolean not null,
    failures integer not null,
    closed_at timestamp with time zone,
    constraint password_failures_pkey PRIMARY KEY (user_id, familiar),
    constraint password_failures_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint password_failures_not_negative CHECK ((failures >= 0))
);

-- Addresses whose password somebody has forgotten, known here or not: the worker finds out, so that the request does the same work for all.
create table password_reset_requests (
    id bigint not null,
    email text not null,
    email_key text not null,
    place text not null,
    muted boolean not null,
    requested_at timestamp with time zone not null,
    constraint password_reset_requests_pkey PRIMARY KEY (id)
);

-- Names of artists that are on do-not-play lists, and on how many.
create table popular_names (
    artist_id uuid not null,
    name text not null,
    search_key text not null,
    core text not null,
    popularity integer not null,
    constraint popular_names_pkey PRIMARY KEY (artist_id, name),
    constraint popular_names_artist_id_name_fkey FOREIGN KEY (artist_id, name) REFERENCES artist_names(artist_id, name) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE INDEX popular_names_1_idx ON public.popular_names USING btree ("left"(core, 1), popularity DESC);
CREATE INDEX popular_names_2_idx ON public.popular_names USING btree ("left"(core, 2), popularity DESC);
CREATE INDEX popular_names_3_idx ON public.popular_names USING btree ("left"(core, 3), popularity DESC);
CREATE INDEX popular_names_core_idx ON public.popular_names USING btree (core text_pattern_ops);

-- SHA-256 digests of codes that stand in for a lost second factor, each once.
create table recovery_codes (
    code_hash bytea not null,
    user_id uuid not null,
    created_at timestamp with time zone not null,
    used_at timestamp with time zone,
    constraint recovery_codes_pkey PRIMARY KEY (code_hash),
    constraint recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint recovery_codes_hash_is_sha256 CHECK ((length(code_hash) = 32))
);
CREATE INDEX recovery_codes_user_id_idx ON public.recovery_codes USING btree (user_id);

-- SHA-256 digests of refresh tokens; each is used once and then names its successor.
create table refresh_tokens (
    token_hash bytea not null,
    session_id uuid not null,
    issued_at timestamp with time zone not null default now(),
    expires_at timestamp with time zone not null,
    used_at timestamp with time zone,
    successor_hash bytea,
    constraint refresh_tokens_pkey PRIMARY KEY (token_hash),
    constraint refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES user_sessions(id) ON DELETE CASCADE,
    constraint refresh_tokens_hash_is_sha256 CHECK ((length(token_hash) = 32))
);
CREATE INDEX refresh_tokens_session_id_idx ON public.refresh_tokens USING btree (session_id);

-- The migrations applied.
create table schema_migrations (
    version integer not null,
    name text not null,
    checksum text not null,
    applied_at timestamp with time zone not null default now(),
    constraint schema_migrations_pkey PRIMARY KEY (version)
);

-- Ways to a provider and back, bound to one browser: digests, the sealed PKCE verifier and nonce, and the sealed answer for a minute.
create table sign_in_attempts (
    id uuid not null,
    state_hash bytea not null,
    browser_hash bytea not null,
    provider text not null,
    purpose text not null,
    user_id uuid,
    session_id uuid,
    return_to text,
    secrets_sealed bytea not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    used_at timestamp with time zone,
    outcome_sealed bytea,
    code_hash bytea,
    finished_at timestamp with time zone,
    presented_at timestamp with time zone,
    completed_at timestamp with time zone,
    constraint sign_in_attempts_code_unique UNIQUE (code_hash),
    constraint sign_in_attempts_state_unique UNIQUE (state_hash),
    constraint sign_in_attempts_pkey PRIMARY KEY (id),
    constraint sign_in_attempts_session_id_fkey FOREIGN KEY (session_id) REFERENCES user_sessions(id) ON DELETE CASCADE,
    constraint sign_in_attempts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint sign_in_attempts_hashes_are_sha256 CHECK (((length(state_hash) = 32) AND (length(browser_hash) = 32))),
    constraint sign_in_attempts_purpose_known CHECK ((((purpose = 'sign_in'::text) AND (user_id IS NULL) AND (session_id IS NULL)) OR ((purpose = 'link'::text) AND (user_id IS NOT NULL) AND (session_id IS NOT NULL))))
);
CREATE INDEX sign_in_attempts_expires_at_idx ON public.sign_in_attempts USING btree (expires_at);
CREATE INDEX sign_in_attempts_session_id_idx ON public.sign_in_attempts USING btree (session_id) WHERE (session_id IS NOT NULL);
CREATE INDEX sign_in_attempts_user_id_idx ON public.sign_in_attempts USING btree (user_id) WHERE (user_id IS NOT NULL);

-- Artists of a dump that is being imported; place is their order in it.
create table staged_artists (
    place bigint not null,
    record text not null,
    name text not null,
    sort_key text not null,
    disambiguation text,
    kind text,
    type_id bigint
);
CREATE INDEX staged_artists_place_idx ON public.staged_artists USING btree (place);

-- Relations that have come to an end: their addresses are no longer the artists'.
create table staged_ended_links (
    link bigint not null
);

-- Ids of staged artists on services.
create table staged_ids (
    place bigint not null,
    service text not null,
    external_id text not null
);
CREATE INDEX staged_ids_place_idx ON public.staged_ids USING btree (place);

-- Which staged artist has which address.
create table staged_links (
    link bigint not null,
    place bigint not null,
    url bigint not null
);

-- Names of staged artists, as they are written and as they are found.
create table staged_names (
    place bigint not null,
    name text not null,
    search_key text not null
);
CREATE INDEX staged_names_place_idx ON public.staged_names USING btree (place);

-- What the dump calls the kinds of artists.
create table staged_types (
    id bigint not null,
    kind text not null
);

-- Addresses in the dump that are pages of artists on services.
create table staged_urls (
    id bigint not null,
    service text not null,
    external_id text not null
);

-- Do-not-play lists: which artist is on whose list, since when and with which words of theirs.
create table user_artist_blocks (
    user_id uuid not null,
    artist_id uuid not null,
    tags text[] not null default '{}'::text[],
    note text,
    created_at timestamp with time zone not null default now(),
    until timestamp with time zone,
    source text not null default 'own'::text,
    source_name text,
    change_id uuid,
    note_key text not null default ''::text,
    sort_key text not null,
    names_key text not null,
    constraint user_artist_blocks_pkey PRIMARY KEY (user_id, artist_id),
    constraint user_artist_blocks_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id) ON DELETE CASCADE,
    constraint user_artist_blocks_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint user_artist_blocks_source_known CHECK ((source = ANY (ARRAY['own'::text, 'import'::text, 'list'::text])))
);
CREATE INDEX user_artist_blocks_artist_id_idx ON public.user_artist_blocks USING btree (artist_id);
CREATE INDEX user_artist_blocks_ending_idx ON public.user_artist_blocks USING btree (until) WHERE (until IS NOT NULL);
CREATE INDEX user_artist_blocks_name_idx ON public.user_artist_blocks USING btree (user_id, sort_key, artist_id);
CREATE INDEX user_artist_blocks_newest_idx ON public.user_artist_blocks USING btree (user_id, created_at DESC, artist_id DESC);
CREATE INDEX user_artist_blocks_source_idx ON public.user_artist_blocks USING btree (user_id, source, COALESCE(source_name, ''::text));
CREATE INDEX user_artist_blocks_words_idx ON public.user_artist_blocks USING gin (user_id, (((names_key || '
'::text) || note_key)) gin_trgm_ops, tags);

-- Artists and tracks that no list may block for this person.
create table user_exceptions (
    id uuid not null,
    user_id uuid not null,
    artist_id uuid,
    service text,
    external_id text,
    title text,
    artist_credit text,
    note text,
    created_at timestamp with time zone not null,
    constraint user_exceptions_artist_unique UNIQUE (user_id, artist_id),
    constraint user_exceptions_track_unique UNIQUE (user_id, service, external_id),
    constraint user_exceptions_pkey PRIMARY KEY (id),
    constraint user_exceptions_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id) ON DELETE CASCADE,
    constraint user_exceptions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint user_exceptions_one_thing CHECK (((num_nonnulls(artist_id, service) = 1) AND (num_nonnulls(service, external_id, title, artist_credit) = ANY (ARRAY[0, 4]))))
);
CREATE INDEX user_exceptions_artist_id_idx ON public.user_exceptions USING btree (artist_id);
CREATE INDEX user_exceptions_newest_idx ON public.user_exceptions USING btree (user_id, created_at DESC, id DESC);

-- Who people are at providers, by issuer and subject; the address is as it was when linked, and never decides.
create table user_identities (
    id uuid not null,
    user_id uuid not null,
    provider text not null,
    issuer text not null,
    subject text not null,
    email text,
    created_at timestamp with time zone not null,
    last_used_at timestamp with time zone not null,
    constraint user_identities_issuer_subject_unique UNIQUE (issuer, subject),
    constraint user_identities_pkey PRIMARY KEY (id),
    constraint user_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX user_identities_user_id_idx ON public.user_identities USING btree (user_id);

-- How many entries of a list have each tag, and each source; kept by triggers.
create table user_list_counts (
    user_id uuid not null,
    kind text not null,
    name text not null,
    search_key text not null,
    entries integer not null,
    constraint user_list_counts_pkey PRIMARY KEY (user_id, kind, name),
    constraint user_list_counts_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint user_list_counts_kind_known CHECK ((kind = ANY (ARRAY['tag'::text, 'own'::text, 'import'::text, 'list'::text])))
);

-- How much is on each list; kept by triggers, within what is allowed.
create table user_lists (
    user_id uuid not null,
    entries integer not null default 0,
    tags integer not null default 0,
    tracks integer not null default 0,
    exceptions integer not null default 0,
    constraint user_lists_pkey PRIMARY KEY (user_id),
    constraint user_lists_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint user_lists_entries_limit CHECK ((entries <= 200000)),
    constraint user_lists_exceptions_limit CHECK ((exceptions <= 10000)),
    constraint user_lists_tags_limit CHECK ((tags <= 1000)),
    constraint user_lists_tracks_limit CHECK ((tracks <= 200000))
);

-- Passkeys: credential ids and public keys; suspected_at marks one whose counter went backwards, which signs nobody in any more.
create table user_passkeys (
    id uuid not null,
    user_id uuid not null,
    credential_id bytea not null,
    public_key bytea not null,
    sign_count bigint not null,
    transports text[] not null,
    backup_eligible boolean not null,
    backed_up boolean not null,
    name text not null,
    created_at timestamp with time zone not null,
    last_used_at timestamp with time zone,
    suspected_at timestamp with time zone,
    constraint user_passkeys_credential_id_unique UNIQUE (credential_id),
    constraint user_passkeys_pkey PRIMARY KEY (id),
    constraint user_passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint user_passkeys_backup_is_eligible CHECK ((backup_eligible OR (NOT backed_up))),
    constraint user_passkeys_credential_id_length CHECK (((length(credential_id) >= 1) AND (length(credential_id) <= 1023))),
    constraint user_passkeys_sign_count_is_uint32 CHECK (((sign_count >= 0) AND (sign_count <= '4294967295'::bigint)))
);
CREATE INDEX user_passkeys_user_id_idx ON public.user_passkeys USING btree (user_id, created_at);

-- Signed-in devices: one family of refresh tokens each.
create table user_sessions (
    id uuid not null,
    user_id uuid not null,
    created_at timestamp with time zone not null default now(),
    last_used_at timestamp with time zone not null default now(),
    expires_at timestamp with time zone not null,
    revoked_at timestamp with time zone,
    ip_address inet,
    user_agent text,
    authenticated_at timestamp with time zone not null,
    methods text[] not null default '{}'::text[],
    notice text,
    constraint user_sessions_pkey PRIMARY KEY (id),
    constraint user_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
    constraint user_sessions_notice_known CHECK ((notice = ANY (ARRAY['sent'::text, 'withheld'::text])))
);
CREATE INDEX user_sessions_open_idx ON public.user_sessions USING btree (user_id, last_used_at) WHERE (revoked_at IS NULL);
CREATE INDEX user_sessions_user_id_idx ON public.user_sessions USING btree (user_id);

-- Second factors (RFC 6238): sealed secrets, and the last step that was used, so that no code works twice.
create table user_totp (
    user_id uuid not null,
    secret_sealed bytea not null,
    created_at timestamp with time zone not null,
    confirmed_at timestamp with time zone,
    last_used_step bigint not null default 0,
    constraint user_totp_pkey PRIMARY KEY (user_id),
    constraint user_totp_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

-- Single tracks on do-not-play lists.
create table user_tracks (
    user_id uuid not null,
    service text not null,
    external_id text not null,
    title text not null,
    artist_credit text not null,
    note text,
    created_at timestamp with time zone not null,
    constraint user_tracks_pkey PRIMARY KEY (user_id, service, external_id),
    constraint user_tracks_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX user_tracks_newest_idx ON public.user_tracks USING btree (user_id, created_at DESC, service DESC, external_id DESC);

-- People with an account; email_key is the folded address by which two are compared.
create table users (
    id uuid not null,
    email text not null,
    email_key text not null,
    email_verified boolean not null default false,
    password_hash text,
    display_name text,
    settings jsonb not null default '{}'::jsonb,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    role text not null default 'member'::text,
    constraint users_email_key_unique UNIQUE (email_key),
    constraint users_pkey PRIMARY KEY (id),
    constraint users_role_known CHECK ((role = ANY (ARRAY['admin'::text, 'moderator'::text, 'curator'::text, 'member'::text])))
);

CREATE OR REPLACE FUNCTION public.around_part(core text, length integer, part integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE part WHEN 1 THEN hashtextextended(substr(core, (((1 + ((length + 1) / 3)) + char_length(core)) - length)), (((10 * length) + 1))::bigint) WHEN 2 THEN hashtextextended(((substr(core, 1, ((length + 1) / 3)) || ' '::text) || substr(core, ((((1 + length) - ((length + 1) / 3)) + char_length(core)) - length))), (((10 * length) + 2))::bigint) ELSE hashtextextended(substr(core, 1, (length - ((length + 1) / 3))), (((10 * length) + 3))::bigint) END;
CREATE OR REPLACE FUNCTION public.beginning_query(typed text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
 SET enable_seqscan TO 'off'
 SET enable_sort TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
    beyond constant text := typed || U&'\+10FFFF';
begin
    if is_unspaced(typed) or char_length(typed) not between 3 and 40 then
        return word_query(typed);
    end if;
    return concat_ws(' | ', quote_lexeme(typed), (
        select string_agg(quote_lexeme(longer.word), ' | ')
        from (
            select near.word from (
                select word from name_words where word ~>~ typed and word ~<~ beyond
                order by word using ~<~ limit 200
            ) near
            order by char_length(near.word), near.word limit 20
        ) longer
    ));
end
$function$;
CREATE OR REPLACE FUNCTION public.copy_artist_keys()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    select a.sort_key, names_of(a.id) into new.sort_key, new.names_key
    from artists a where a.id = new.artist_id;
    if not found then  -- the foreign key will refuse it
        new.sort_key := '';
        new.names_key := '';
    end if;
    return new;
end
$function$;
CREATE OR REPLACE FUNCTION public.copy_external_ids()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
begin
    update artists a
    set external_ids = known.ids
    from (
        select c.artist_id, coalesce((
            select jsonb_object_agg(e.service, e.external_id order by e.external_id desc)
            from artist_external_ids e where e.artist_id = c.artist_id
        ), '{}') as ids
        from (
            select distinct c.artist_id
            from changed c join artists shown on shown.id = c.artist_id
            where tg_op <> 'INSERT' or shown.external_ids->>c.service is null
                or shown.external_ids->>c.service > c.external_id
        ) c
    ) known
    where a.id = known.artist_id and a.external_ids is distinct from known.ids;
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.copy_names()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    with listed as materialized (
        select b.user_id, b.artist_id from user_artist_blocks b
        where b.artist_id in (select c.artist_id from changed c)
        order by b.user_id, b.artist_id for no key update
    )
    update user_artist_blocks b set names_key = names_of(b.artist_id)
    from listed l where b.user_id = l.user_id and b.artist_id = l.artist_id
        and b.names_key <> names_of(b.artist_id);
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.copy_sort_key()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    update user_artist_blocks set sort_key = new.sort_key where artist_id = new.id;
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.count_entries_on_delete()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
            begin
                with changes as (select g.*, -1 as n from gone g), deltas as (
                    select user_id, 'tag' as kind, tag as name, sum(n)::integer as n
                    from changes, unnest(tags) as tag group by user_id, tag
                    union all
                    select user_id, source, coalesce(source_name, ''), sum(n)::integer
                    from changes group by 1, 2, 3
                )
                insert into user_list_counts as c (user_id, kind, name, search_key, entries)
                select d.user_id, d.kind, d.name, lower(d.name), d.n from deltas d
                where d.n <> 0 and exists (select from users u where u.id = d.user_id)
                order by 1, 2, 3
                on conflict (user_id, kind, name)
                    do update set entries = c.entries + excluded.entries;
                if not found then
                    return null;
                end if;
                delete from user_list_counts c
                where c.entries <= 0 and c.user_id in (select user_id from (select g.*, -1 as n from gone g) changes);
                update user_lists l
                set entries = c.entries, tags = c.tags
                from (
                    select user_id, coalesce(sum(entries) filter (where kind <> 'tag'), 0) as entries,
                           count(*) filter (where kind = 'tag') as tags
                    from user_list_counts
                    where user_id in (select user_id from (select g.*, -1 as n from gone g) changes) group by user_id
                    union all
                    select distinct user_id, 0, 0 from (select g.*, -1 as n from gone g) changes
                    where not exists (
                        select from user_list_counts c where c.user_id = changes.user_id
                    )
                ) c
                where l.user_id = c.user_id;
                return null;
            end
            $function$;
CREATE OR REPLACE FUNCTION public.count_entries_on_insert()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
            begin
                with changes as (select c.*, 1 as n from come c), deltas as (
                    select user_id, 'tag' as kind, tag as name, sum(n)::integer as n
                    from changes, unnest(tags) as tag group by user_id, tag
                    union all
                    select user_id, source, coalesce(source_name, ''), sum(n)::integer
                    from changes group by 1, 2, 3
                )
                insert into user_list_counts as c (user_id, kind, name, search_key, entries)
                select d.user_id, d.kind, d.name, lower(d.name), d.n from deltas d
                where d.n <> 0 and exists (select from users u where u.id = d.user_id)
                order by 1, 2, 3
                on conflict (user_id, kind, name)
                    do update set entries = c.entries + excluded.entries;
                if not found then
                    return null;
                end if;
                delete from user_list_counts c
                where c.entries <= 0 and c.user_id in (select user_id from (select c.*, 1 as n from come c) changes);
                update user_lists l
                set entries = c.entries, tags = c.tags
                from (
                    select user_id, coalesce(sum(entries) filter (where kind <> 'tag'), 0) as entries,
                           count(*) filter (where kind = 'tag') as tags
                    from user_list_counts
                    where user_id in (select user_id from (select c.*, 1 as n from come c) changes) group by user_id
                    union all
                    select distinct user_id, 0, 0 from (select c.*, 1 as n from come c) changes
                    where not exists (
                        select from user_list_counts c where c.user_id = changes.user_id
                    )
                ) c
                where l.user_id = c.user_id;
                return null;
            end
            $function$;
CREATE OR REPLACE FUNCTION public.count_entries_on_update()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
            begin
                with changes as (select c.*, 1 as n from come c union all select g.*, -1 as n from gone g), deltas as (
                    select user_id, 'tag' as kind, tag as name, sum(n)::integer as n
                    from changes, unnest(tags) as tag group by user_id, tag
                    union all
                    select user_id, source, coalesce(source_name, ''), sum(n)::integer
                    from changes group by 1, 2, 3
                )
                insert into user_list_counts as c (user_id, kind, name, search_key, entries)
                select d.user_id, d.kind, d.name, lower(d.name), d.n from deltas d
                where d.n <> 0 and exists (select from users u where u.id = d.user_id)
                order by 1, 2, 3
                on conflict (user_id, kind, name)
                    do update set entries = c.entries + excluded.entries;
                if not found then
                    return null;
                end if;
                delete from user_list_counts c
                where c.entries <= 0 and c.user_id in (select user_id from (select c.*, 1 as n from come c union all select g.*, -1 as n from gone g) changes);
                update user_lists l
                set entries = c.entries, tags = c.tags
                from (
                    select user_id, coalesce(sum(entries) filter (where kind <> 'tag'), 0) as entries,
                           count(*) filter (where kind = 'tag') as tags
                    from user_list_counts
                    where user_id in (select user_id from (select c.*, 1 as n from come c union all select g.*, -1 as n from gone g) changes) group by user_id
                    union all
                    select distinct user_id, 0, 0 from (select c.*, 1 as n from come c union all select g.*, -1 as n from gone g) changes
                    where not exists (
                        select from user_list_counts c where c.user_id = changes.user_id
                    )
                ) c
                where l.user_id = c.user_id;
                return null;
            end
            $function$;
CREATE OR REPLACE FUNCTION public.count_exceptions_on_delete()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
            begin
                update user_lists l set exceptions = l.exceptions + c.n
                from (select user_id, count(*) * -1 as n from changed group by user_id) c
                where l.user_id = c.user_id;
                return null;
            end
            $function$;
CREATE OR REPLACE FUNCTION public.count_exceptions_on_insert()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
            begin
                update user_lists l set exceptions = l.exceptions + c.n
                from (select user_id, count(*) * 1 as n from changed group by user_id) c
                where l.user_id = c.user_id;
                return null;
            end
            $function$;
CREATE OR REPLACE FUNCTION public.count_tracks_on_delete()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
            begin
                update user_lists l set tracks = l.tracks + c.n
                from (select user_id, count(*) * -1 as n from changed group by user_id) c
                where l.user_id = c.user_id;
                return null;
            end
            $function$;
CREATE OR REPLACE FUNCTION public.count_tracks_on_insert()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
            begin
                update user_lists l set tracks = l.tracks + c.n
                from (select user_id, count(*) * 1 as n from changed group by user_id) c
                where l.user_id = c.user_id;
                return null;
            end
            $function$;
CREATE OR REPLACE FUNCTION public.entries_follow_merges()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    if not exists (
        select from added a join artist_redirects r on r.artist_id = a.artist_id
    ) then
        return null;
    end if;
    delete from user_artist_blocks b using added a, artist_redirects r
    where r.artist_id = a.artist_id and b.user_id = a.user_id and b.artist_id = a.artist_id
        and exists (
            select from user_exceptions x
            where x.user_id = a.user_id and x.artist_id = r.survivor_id
        );
    update user_artist_blocks b set artist_id = m.survivor_id
    from (
        select distinct on (a.user_id, r.survivor_id) a.user_id, a.artist_id, r.survivor_id
        from added a join artist_redirects r on r.artist_id = a.artist_id
        order by a.user_id, r.survivor_id, a.created_at, a.artist_id
    ) m
    where b.user_id = m.user_id and b.artist_id = m.artist_id and not exists (
        select from user_artist_blocks o
        where o.user_id = m.user_id and o.artist_id = m.survivor_id
    );
    delete from user_artist_blocks b using added a, artist_redirects r
    where r.artist_id = a.artist_id and b.user_id = a.user_id and b.artist_id = a.artist_id;
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.exceptions_follow_merges()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    if not exists (
        select from added a join artist_redirects r on r.artist_id = a.artist_id
    ) then
        return null;
    end if;
    delete from user_artist_blocks b using added a, artist_redirects r
    where r.artist_id = a.artist_id and b.user_id = a.user_id and b.artist_id = r.survivor_id;
    update user_exceptions x set artist_id = r.survivor_id
    from added a join artist_redirects r on r.artist_id = a.artist_id
    where x.id = a.id and not exists (
        select from user_exceptions o
        where o.user_id = a.user_id and o.artist_id = r.survivor_id
    );
    delete from user_exceptions x using added a, artist_redirects r
    where r.artist_id = a.artist_id and x.id = a.id and x.artist_id = a.artist_id;
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.external_ids_follow_merges()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    if not exists (select from artist_redirects) then
        return null;
    end if;
    update artist_external_ids e set artist_id = r.survivor_id
    from added a join artist_redirects r on r.artist_id = a.artist_id
    where e.service = a.service and e.external_id = a.external_id and e.artist_id = a.artist_id;
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.find_names(typed text, wanted integer)
 RETURNS TABLE(artist_id uuid, name text, reason text)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE ROWS 20
 SET enable_seqscan TO 'off'
 SET enable_sort TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
    typed_core constant text := name_core(typed);
    size constant integer := char_length(typed_core);
    beyond constant text := typed || U&'\+10FFFF';
    core_beyond constant text := typed_core || U&'\+10FFFF';
    enough constant integer := 20 + 4 * wanted;
    together constant text := replace(typed, ' ', '');
    most integer;
    cores text[] := '{}';
    keys_1 bigint[] := '{}';
    keys_2 bigint[] := '{}';
    keys_3 bigint[] := '{}';
    word text;
    words text[];
    query tsquery;
    hits found_name[] := '{}';
    more found_name[];
    artists integer;
    is_whole boolean;
begin
    with candidates as (
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where n.search_key = typed limit enough)
        union all
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where n.core = typed_core limit enough)
        union all
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where n.search_key ~>~ typed and n.search_key ~<~ beyond
         order by n.search_key using ~<~ limit enough)
        union all
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where n.core ~>~ typed_core and n.core ~<~ core_beyond
         order by n.core using ~<~ limit enough)
        union all  -- a letter is missing at the end
        (select n.artist_id, n.name, n.search_key, n.core from artist_names n
         where around_part(n.core, char_length(n.core), 3) = around_part(typed_core, size + 1, 3)
           and starts_with(n.core, typed_core) limit enough)
        union all
        (select p.artist_id, p.name, p.search_key, p.core from popular_names p
         where left(p.core, 1) = typed_core order by p.popularity desc limit enough)
        union all
        (select p.artist_id, p.name, p.search_key, p.core from popular_names p
         where left(p.core, 2) = typed_core order by p.popularity desc limit enough)
        union all
        (select p.artist_id, p.name, p.search_key, p.core from popular_names p
         where left(p.core, 3) = typed_core order by p.popularity desc limit enough)
        union all
        (select p.artist_id, p.name, p.search_key, p.core from popular_names p
         where size > 3 and p.core ~>=~ typed_core and p.core ~<~ core_beyond limit enough)
    ), measured as (
        select c.*, case when c.search_key = typed then 0
                         when c.core = typed_core then 1
                         else 2 end as tier
        from candidates c
    )
    select array_agg((m.artist_id, m.name, m.search_key, m.core,
                      case when m.tier < 2 then 'exact' else 'prefix' end, m.tier,
                      greatest(least(char_length(m.core) - size, 2), 0), 0, 1)::found_name),
           count(distinct m.artist_id), coalesce(min(m.tier) < 2, false)
    into hits, artists, is_whole
    from measured m;

    if artists < wanted and size < 250 then
        -- Around a part of a short name there are many, none of them likelier than the others; and
        -- who has something to choose from already is shown a few.
        most := case when artists > 0 then 200 when size < 6 then 400 else 800 end;
        keys_1 := keys_around(typed_core, 1);
        keys_2 := keys_around(typed_core, 2);
        keys_3 := keys_around(typed_core, 3);
        for length in 2..4 loop  -- the slip may be in the very "the" that a core is without
            if size > length and slips(left(together, length), 'the') <= 1 then
                cores := cores || substr(together, length + 1);
            end if;
        end loop;
        foreach word in array string_to_array(typed, ' ') loop  -- or in an "and"
            if char_length(word) between 2 and 4 and slips(word, 'and') = 1 then
                cores := cores || name_core(replace(typed, ' ' || word || ' ', ' '));
            end if;
        end loop;
        with candidates as (
            (select n.artist_id, n.name, n.search_key, n.core from artist_names n
             where n.core = any(cores) limit enough)
            union all
            (select n.artist_id, n.name, n.search_key, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 1) = any(keys_1) limit most)
            union all
            (select n.artist_id, n.name, n.search_key, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 2) = any(keys_2) limit most)
            union all
            (select n.artist_id, n.name, n.search_key, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 3) = any(keys_3) limit most)
        ), measured as (
            select c.*, case when c.core = any(cores) then 1
                             when char_length(c.core) > 255 then 3
                             else levenshtein_less_equal(c.core, typed_core, 2) end as edits
            from candidates c
            where not starts_with(c.core, typed_core)
        ), near as (
            select m.*, case
                when m.edits < 2 then m.edits
                when m.edits = 2 and char_length(m.core) = size and translate(m.core, typed_core, '') = ''
                then slips(m.core, typed_core)
                else m.edits
            end as distance
            from measured m
        )
        select array_agg((m.artist_id, m.name, m.search_key, m.core, 'typo', 3, m.distance,
                          -- spaces that are elsewhere
                          case when char_length(m.search_key) < 250 and char_length(typed) < 250
                              then greatest(levenshtein_less_equal(m.search_key, typed, 3) - m.edits, 0)
                              else 3 end,
                          -- a letter that nobody typed, or another than that, is likelier by chance
                          case when char_length(m.core) < size or m.edits = 2 then 0 else 1 end
                         )::found_name),
               artists + count(distinct m.artist_id)
        into more, artists
        from near m
        where m.distance = 1 or m.distance = 2 and size > 7;
        hits := hits || more;
    end if;

    words := array(
        select each.word from (
            select w as word, max(place) as place
            from unnest(string_to_array(typed, ' ')) with ordinality u (w, place)
            where w not in ('the', 'and') or typed in ('the', 'and')
            group by w order by max(char_length(w)) desc, w limit 8
        ) each order by each.place
    );
    for attempt in 1..3 loop
        exit when artists >= wanted or attempt > 1 and artists > 0 or cardinality(words) = 0;
        query := array_to_string(array(
            select '(' || case
                when attempt = 3 then forgiving_query(w)
                when attempt = 2 or place = cardinality(words) and not is_whole
                    then beginning_query(w)
                else word_query(w)
            end || ')' from unnest(words) with ordinality u (w, place)
        ), ' & ');
        with named as materialized (  -- by itself, so that the limit does not talk the planner into
            select n.artist_id, n.name, n.search_key, n.core  -- reading names until enough fit
            from artist_names n where name_lexemes(n.search_key) @@ query
        )
        select array_agg((w.artist_id, w.name, w.search_key, w.core,
                          case when attempt = 3 then 'typo' else 'words' end, 3,
                          case when attempt < 3 and char_length(w.core) = size then 0 else 2 end,
                          least(abs(char_length(w.search_key) - char_length(typed)), 3),
                          1)::found_name),
               artists + count(distinct w.artist_id)
        into more, artists
        from (select * from named limit 200) w
        where not exists (
            select from unnest(words) part
            where is_unspaced(part) and position(part in w.search_key) = 0
        );
        hits := hits || more;
    end loop;

    return query
    select b.artist_id, b.name, b.reason from (
        select distinct on (h.artist_id) h.*
        from unnest(hits) h
        order by h.artist_id, h.tier, h.distance, h.misplaced, char_length(h.core), h.search_key, h.name
    ) b
    left join lateral (
        select p.popularity from popular_names p where p.artist_id = b.artist_id limit 1
    ) p on true
    order by b.tier, b.distance, b.misplaced, coalesce(p.popularity, 0) desc, b.doubt,
             case when b.tier > 1 then row_number() over (partition by b.search_key) end,
             char_length(b.core), b.search_key, b.artist_id
    limit wanted;
end
$function$;
CREATE OR REPLACE FUNCTION public.forgiving_query(typed text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE STRICT
 SET enable_seqscan TO 'off'
 SET enable_sort TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
    keys_1 constant bigint[] := keys_around(typed, 1);
    keys_2 constant bigint[] := keys_around(typed, 2);
    keys_3 constant bigint[] := keys_around(typed, 3);
begin
    if is_unspaced(typed) or char_length(typed) not between 3 and 40 then
        return word_query(typed);
    end if;
    return concat_ws(' | ', beginning_query(typed), (
        select string_agg(quote_lexeme(near.word), ' | ')
        from (
            select distinct w.word from (
                select word from name_words where around_part(word, char_length(word), 1) = any(keys_1)
                union all
                select word from name_words where around_part(word, char_length(word), 2) = any(keys_2)
                union all
                select word from name_words where around_part(word, char_length(word), 3) = any(keys_3)
            ) w
            where slips(w.word, typed) = 1
            limit 40
        ) near
    ), (
        select string_agg('(' || quote_lexeme(left(typed, cut)) || ' & '
                          || quote_lexeme(substr(typed, cut + 1)) || ')', ' | ')
        from generate_series(2, char_length(typed) - 2) cut
        where exists (select from name_words where word = left(typed, cut))
          and exists (select from name_words where word = substr(typed, cut + 1))
    ));
end
$function$;
CREATE OR REPLACE FUNCTION public.give_list()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    insert into user_lists (user_id) values (new.id);
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.guard_audit_chain()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
    if tg_op = 'UPDATE' then
        if new.kind = old.kind and new.position > old.position then
            return new;
        end if;
    end if;
    raise exception 'audit_chain only moves forward' using errcode = 'insufficient_privilege';
end
$function$;
CREATE OR REPLACE FUNCTION public.guard_audit_log()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
begin
    if tg_op = 'INSERT' then
        if new.chain_hash is null then
            return new;
        end if;
    elsif tg_op = 'UPDATE' then
        if old.chain_hash is null and new.chain_hash is not null
            and to_jsonb(new) - '{chain_position,chain_hash}'::text[]
                = to_jsonb(old) - '{chain_position,chain_hash}'::text[]
        then
            return new;
        end if;
        if new.ip_address is null and old.created_at < now() - interval '2160 hours'
            and to_jsonb(new) - 'ip_address' = to_jsonb(old) - 'ip_address'
        then
            return new;
        end if;
    elsif tg_op = 'DELETE' then
        if old.created_at < now() - interval '8760 hours'
            and old.chain_position <= (select position from audit_chain where kind = 'floor')
        then
            return old;
        end if;
    end if;
    raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege';
end
$function$;
CREATE OR REPLACE FUNCTION public.is_unspaced(word text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (word ~ '[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7A3\uF900-\uFAFF\U00020000-\U0003FFFF]'::text);
CREATE OR REPLACE FUNCTION public.keep_words()
 RETURNS trigger
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
begin
    with words as materialized (
        select distinct word
        from changed, unnest(string_to_array(search_key, ' ')) word
        where char_length(word) between 3 and 40
    )
    insert into name_words (word)
    select word from words
    where not exists (select from name_words known where known.word = words.word);
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.keys_around(core text, part integer)
 RETURNS bigint[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
    size constant integer := char_length(core);
    cut constant integer := case part when 1 then size - (size + 1) / 3 else (size + 1) / 3 end;
    keys bigint[];
begin
    if size < 3 then
        return case part when 2 then array[around_part(core, size, 2)] else '{}' end;
    end if;
    keys := array[around_part(core, size, part), around_part(core, size + 1, part)];
    if size > 3 then
        keys := keys || around_part(core, size - 1, part);
    end if;
    if part <> 2 then
        keys := keys || around_part(
            substr(core, 1, cut - 1) || substr(core, cut + 1, 1) || substr(core, cut, 1)
            || substr(core, cut + 2), size, part);
    end if;
    return keys;
end
$function$;
CREATE OR REPLACE FUNCTION public.name_core(search_key text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (search_key ~ '^the | the$| and '::text) THEN COALESCE(NULLIF(replace(regexp_replace(regexp_replace(search_key, '^the (?=.)|(?<=.) the$'::text, ''::text), '(?<=.) and (?=.)'::text, ' '::text, 'g'::text), ' '::text, ''::text), ''::text), replace(search_key, ' '::text, ''::text)) ELSE replace(search_key, ' '::text, ''::text) END;
CREATE OR REPLACE FUNCTION public.name_lexemes(search_key text)
 RETURNS tsvector
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
begin
    if not public.is_unspaced(search_key) then
        return array_to_tsvector(string_to_array(search_key, ' '));
    end if;
    return array_to_tsvector(string_to_array(search_key, ' ') || array(
        select substr(word, place, 2)
        from unnest(string_to_array(search_key, ' ')) word,
             generate_series(1, char_length(word)) place
        where public.is_unspaced(substr(word, place, 1))
    ));
end
$function$;
CREATE OR REPLACE FUNCTION public.names_follow_merges()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    if not exists (select from artist_redirects) then
        return null;
    end if;
    update artist_names n set artist_id = m.survivor_id
    from (
        select distinct on (r.survivor_id, a.name) a.artist_id, a.name, r.survivor_id
        from added a join artist_redirects r on r.artist_id = a.artist_id
        order by r.survivor_id, a.name, a.artist_id
    ) m
    where n.artist_id = m.artist_id and n.name = m.name and not exists (
        select from artist_names o where o.artist_id = m.survivor_id and o.name = m.name
    );
    delete from artist_names n using added a, artist_redirects r
    where r.artist_id = a.artist_id and n.artist_id = a.artist_id and n.name = a.name;
    return null;
end
$function$;
CREATE OR REPLACE FUNCTION public.names_near(written text, most integer)
 RETURNS TABLE(artist_id uuid, name text, distance integer)
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE ROWS 5
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
    wanted constant text := name_core(written);
    size constant integer := char_length(wanted);
    keys_1 bigint[] := '{}';
    keys_2 bigint[] := '{}';
    keys_3 bigint[] := '{}';
begin
    if size between 4 and 200 then  -- in shorter ones a slip makes another name of it
        keys_1 := keys_around(wanted, 1);
        keys_2 := keys_around(wanted, 2);
        keys_3 := keys_around(wanted, 3);
    end if;
    return query
    select near.artist_id, near.name, near.distance from (
        select distinct on (c.artist_id) c.artist_id, c.name,
            case when c.core = wanted then 0 else slips(c.core, wanted) end as distance
        from (
            (select n.artist_id, n.name, n.core from artist_names n
             where n.core = wanted limit 100)
            union all
            (select n.artist_id, n.name, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 1) = any(keys_1) limit 300)
            union all
            (select n.artist_id, n.name, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 2) = any(keys_2) limit 300)
            union all
            (select n.artist_id, n.name, n.core from artist_names n
             where around_part(n.core, char_length(n.core), 3) = any(keys_3) limit 300)
        ) c
        where char_length(c.core) <= 200
        order by c.artist_id, 3, c.name
    ) near
    where near.distance <= case when size > 7 then 2 else 1 end
    order by near.distance, near.artist_id
    limit most;
end
$function$;
CREATE OR REPLACE FUNCTION public.names_of(artist uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
    select coalesce(string_agg(n.search_key, E'\n' order by n.search_key), '')
    from artist_names n where n.artist_id = artist
$function$;
CREATE OR REPLACE FUNCTION public.quote_lexeme(word text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN ((''''::text || replace(replace(word, '\'::text, '\\'::text), ''''::text, ''''''::text)) || ''''::text);
CREATE OR REPLACE FUNCTION public.remove_audit_records(through bigint)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
    removed bigint;
begin
    delete from audit_log where chain_position <= through;
    get diagnostics removed = row_count;
    return removed;
end
$function$;
CREATE OR REPLACE FUNCTION public.slips(one text, other text)
 RETURNS integer
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
declare
    found constant integer := levenshtein_less_equal(one, other, 2);
    place integer := 1;
begin
    if found <> 2 or char_length(one) <> char_length(other) or translate(one, other, '') <> '' then
        return found;
    end if;
    while substr(one, place, 1) = substr(other, place, 1) loop
        place := place + 1;
    end loop;
    return case when substr(one, place) = reverse(substr(other, place, 2)) || substr(other, place + 2)
        then 1 else 2 end;
end
$function$;
CREATE OR REPLACE FUNCTION public.survivor_of(artist uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
    select coalesce((select r.survivor_id from artist_redirects r where r.artist_id = artist), artist)
$function$;
CREATE OR REPLACE FUNCTION public.word_query(word text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
begin
    if is_unspaced(word) then
        return (
            select string_agg(quote_lexeme(substr(word, place, 2)), ' & ')
            from generate_series(1, greatest(char_length(word) - 1, 1)) place
        ) || case when char_length(word) = 1 then ':*' else '' end;
    end if;
    return quote_lexeme(word);
end
$function$;
CREATE TRIGGER copy_deleted_ids AFTER DELETE ON public.artist_external_ids REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_external_ids();
CREATE TRIGGER copy_inserted_ids AFTER INSERT ON public.artist_external_ids REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_external_ids();
CREATE TRIGGER copy_left_ids AFTER UPDATE ON public.artist_external_ids REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_external_ids();
CREATE TRIGGER copy_updated_ids AFTER UPDATE ON public.artist_external_ids REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_external_ids();
CREATE TRIGGER external_ids_follow_merges AFTER INSERT ON public.artist_external_ids REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION external_ids_follow_merges();
CREATE TRIGGER copy_deleted_names AFTER DELETE ON public.artist_names REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_names();
CREATE TRIGGER copy_inserted_names AFTER INSERT ON public.artist_names REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_names();
CREATE TRIGGER copy_left_names AFTER UPDATE ON public.artist_names REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_names();
CREATE TRIGGER copy_updated_names AFTER UPDATE ON public.artist_names REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_names();
CREATE TRIGGER keep_inserted_words AFTER INSERT ON public.artist_names REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_words();
CREATE TRIGGER keep_updated_words AFTER UPDATE ON public.artist_names REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION keep_words();
CREATE TRIGGER names_follow_merges AFTER INSERT ON public.artist_names REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION names_follow_merges();
CREATE TRIGGER copy_sort_key_to_entries AFTER UPDATE OF sort_key ON public.artists FOR EACH ROW WHEN ((new.sort_key <> old.sort_key)) EXECUTE FUNCTION copy_sort_key();
CREATE TRIGGER guard_all BEFORE TRUNCATE ON public.audit_chain FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_chain();
CREATE TRIGGER guard_rows BEFORE DELETE OR UPDATE ON public.audit_chain FOR EACH ROW EXECUTE FUNCTION guard_audit_chain();
CREATE TRIGGER guard_all BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION guard_audit_log();
CREATE TRIGGER guard_rows BEFORE INSERT OR DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION guard_audit_log();
CREATE TRIGGER copy_keys_of_new_entry BEFORE INSERT ON public.user_artist_blocks FOR EACH ROW WHEN (((new.sort_key IS NULL) OR (new.names_key IS NULL))) EXECUTE FUNCTION copy_artist_keys();
CREATE TRIGGER copy_keys_of_other_artist BEFORE UPDATE OF artist_id ON public.user_artist_blocks FOR EACH ROW WHEN ((new.artist_id <> old.artist_id)) EXECUTE FUNCTION copy_artist_keys();
CREATE TRIGGER count_entries_on_delete AFTER DELETE ON public.user_artist_blocks REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_entries_on_delete();
CREATE TRIGGER count_entries_on_insert AFTER INSERT ON public.user_artist_blocks REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION count_entries_on_insert();
CREATE TRIGGER count_entries_on_update AFTER UPDATE ON public.user_artist_blocks REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION count_entries_on_update();
CREATE TRIGGER entries_follow_merges AFTER INSERT ON public.user_artist_blocks REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION entries_follow_merges();
CREATE TRIGGER count_exceptions_on_delete AFTER DELETE ON public.user_exceptions REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_exceptions_on_delete();
CREATE TRIGGER count_exceptions_on_insert AFTER INSERT ON public.user_exceptions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_exceptions_on_insert();
CREATE TRIGGER exceptions_follow_merges AFTER INSERT ON public.user_exceptions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION exceptions_follow_merges();
CREATE TRIGGER count_tracks_on_delete AFTER DELETE ON public.user_tracks REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_tracks_on_delete();
CREATE TRIGGER count_tracks_on_insert AFTER INSERT ON public.user_tracks REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_tracks_on_insert();
CREATE TRIGGER give_list_to_user AFTER INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION give_list();
