-- What the migrations add up to. Written by `make schema`; never edited by hand.

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

-- What identifies an artist: ids on services. A name never does.
create table artist_external_ids (
    service text not null,
    external_id text not null,
    artist_id uuid not null,
    constraint artist_external_ids_pkey PRIMARY KEY (service, external_id),
    constraint artist_external_ids_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id) ON DELETE CASCADE
);
CREATE INDEX artist_external_ids_artist_id_idx ON public.artist_external_ids USING btree (artist_id);

-- Every name that an artist goes by, with the folded key by which it is found.
create table artist_names (
    artist_id uuid not null,
    name text not null,
    search_key text not null,
    source text not null,
    constraint artist_names_pkey PRIMARY KEY (artist_id, name),
    constraint artist_names_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id) ON DELETE CASCADE
);
CREATE INDEX artist_names_search_key_idx ON public.artist_names USING btree (search_key text_pattern_ops);
CREATE INDEX artist_names_words_idx ON public.artist_names USING gin (to_tsvector('simple'::regconfig, search_key));

-- The catalogue: one row for each artist, whatever services call them.
create table artists (
    id uuid not null,
    canonical_name text not null,
    sort_key text not null,
    external_ids jsonb not null default '{}'::jsonb,
    metadata jsonb not null default '{}'::jsonb,
    created_at timestamp with time zone not null default now(),
    constraint artists_pkey PRIMARY KEY (id),
    constraint artists_canonical_name_length CHECK (((char_length(canonical_name) >= 1) AND (char_length(canonical_name) <= 255)))
);

-- Who did what, from where: written in the transaction of the deed.
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
    constraint audit_log_pkey PRIMARY KEY (id),
    constraint audit_log_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL
);
CREATE INDEX audit_log_created_at_idx ON public.audit_log USING btree (created_at);
CREATE INDEX audit_log_user_id_idx ON public.audit_log USING btree (user_id, created_at);

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

-- Do-not-play lists: which artist is on whose list, since when and with which words of theirs.
create table user_artist_blocks (
    user_id uuid not null,
    artist_id uuid not null,
    tags text[] not null default '{}'::text[],
    note text,
    created_at timestamp with time zone not null default now(),
    constraint user_artist_blocks_pkey PRIMARY KEY (user_id, artist_id),
    constraint user_artist_blocks_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES artists(id) ON DELETE CASCADE,
    constraint user_artist_blocks_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX user_artist_blocks_artist_id_idx ON public.user_artist_blocks USING btree (artist_id);
CREATE INDEX user_artist_blocks_newest_idx ON public.user_artist_blocks USING btree (user_id, created_at DESC, artist_id DESC);

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
    constraint user_sessions_pkey PRIMARY KEY (id),
    constraint user_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
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

CREATE OR REPLACE FUNCTION public.copy_external_ids()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    update artists a
    set external_ids = coalesce((
        select jsonb_object_agg(e.service, e.external_id order by e.external_id desc)
        from artist_external_ids e where e.artist_id = a.id
    ), '{}')
    where a.id in (select artist_id from changed);
    return null;
end
$function$;
CREATE TRIGGER copy_deleted_ids AFTER DELETE ON public.artist_external_ids REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_external_ids();
CREATE TRIGGER copy_inserted_ids AFTER INSERT ON public.artist_external_ids REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_external_ids();
CREATE TRIGGER copy_left_ids AFTER UPDATE ON public.artist_external_ids REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_external_ids();
CREATE TRIGGER copy_updated_ids AFTER UPDATE ON public.artist_external_ids REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION copy_external_ids();
