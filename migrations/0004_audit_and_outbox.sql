create table audit_log (
    id uuid primary key,
    user_id uuid references users (id) on delete set null,
    action text not null,
    resource_type text not null,
    resource_id text,
    ip_address inet,
    user_agent text,
    request_id text not null,
    created_at timestamptz not null default now()
);
create index audit_log_user_id_idx on audit_log (user_id, created_at);
create index audit_log_created_at_idx on audit_log (created_at);
comment on table audit_log is 'Who did what, from where: written in the transaction of the deed.';

create table outbox (
    id uuid primary key,
    type text not null,
    user_id uuid not null,
    payload jsonb not null,
    occurred_at timestamptz not null,
    relayed_at timestamptz
);
create index outbox_waiting_idx on outbox (id) where relayed_at is null;
create index outbox_relayed_idx on outbox (relayed_at) where relayed_at is not null;
comment on table outbox is 'Events that the worker tells to the rest of the world, at least once each.';
