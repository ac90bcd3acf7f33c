-- Why: spec/decisions/0007-audit-chain.md.
alter table audit_log
    -- Deleting an account must not change its records; the id says nothing by itself.
    drop constraint audit_log_user_id_fkey,
    add column outcome text not null default 'success',
    add column old_state jsonb,
    add column new_state jsonb,
    add column address_digest bytea,
    add column signature bytea,
    add column chain_position bigint,
    add column chain_hash bytea,
    add constraint audit_log_outcome_known check (outcome in ('success', 'refused')),
    add constraint audit_log_chain_whole check ((chain_position is null) = (chain_hash is null)),
    add constraint audit_log_chain_position_unique unique (chain_position);
drop index audit_log_user_id_idx;
drop index audit_log_created_at_idx;
create index audit_log_user_id_idx on audit_log (user_id, created_at, id);
create index audit_log_created_at_idx on audit_log (created_at, id);
create index audit_log_unsealed_idx on audit_log (id) where chain_hash is null;
create index audit_log_addresses_idx on audit_log (created_at) where ip_address is not null;
comment on table audit_log is
    'Who did what, from where: written in the transaction of the deed, sealed into a hash chain.';

create table audit_chain (
    kind text primary key,
    position bigint not null,
    hash bytea not null,
    signature bytea not null,
    constraint audit_chain_kind_known check (kind in ('head', 'floor'))
);
comment on table audit_chain is
    'Signed places in the chain of audit_log: its newest row, and the last that retention removed.';

-- For whoever may write at all, the owner and superusers included: a row is sealed once, loses its
-- address after 90 days, and goes after a year, once the floor of the chain has passed it.
create function guard_audit_log() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
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
$$;
create trigger guard_rows before insert or update or delete on audit_log
    for each row execute function guard_audit_log();
create trigger guard_all before truncate on audit_log
    for each statement execute function guard_audit_log();

-- Marks only move forward.
create function guard_audit_chain() returns trigger language plpgsql
set search_path = pg_catalog, public, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        if new.kind = old.kind and new.position > old.position then
            return new;
        end if;
    end if;
    raise exception 'audit_chain only moves forward' using errcode = 'insufficient_privilege';
end
$$;
create trigger guard_rows before update or delete on audit_chain
    for each row execute function guard_audit_chain();
create trigger guard_all before truncate on audit_chain
    for each statement execute function guard_audit_chain();

-- The one way by which the application's role, which may not delete from audit_log, removes rows.
create function remove_audit_records(through bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    removed bigint;
begin
    delete from audit_log where chain_position <= through;
    get diagnostics removed = row_count;
    return removed;
end
$$;
revoke all on function remove_audit_records(bigint) from public;
