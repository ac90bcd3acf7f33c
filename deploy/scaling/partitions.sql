-- Outbox and audit log by months, for installations where removing old rows one by one has become
-- work: a partition is dropped in a moment, and leaves nothing to vacuum. Ids are UUIDv7, whose
-- first 48 bits are the time (RFC 9562, section 5.7): rows lie by month though the key is the id.
--
--   psql "$OWNER_URL" -v ON_ERROR_STOP=1 -f deploy/scaling/partitions.sql     # once
--   psql "$OWNER_URL" -c 'call add_partitions()'                             # each month
--
-- What is there stays where it is, as the first partition: nothing is copied, and whoever may do
-- something with the tables still may. Both are locked for as long as it takes to check their rows
-- against the first bound.

begin;
set local lock_timeout = '2s';

create function uuid_at(moment timestamptz) returns uuid language sql immutable strict as $$
    select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0')
            || repeat('0', 20))::uuid
$$;

-- Who may do what with a table or with columns of it, beside its owner.
create function granted_on(name text) returns table (who text, may text, passed_on boolean)
language sql stable as $$
    select case granted.grantee when 0 then 'public' else granted.grantee::regrole::text end,
           granted.privilege_type || acl.of, granted.is_grantable
    from pg_class c
    cross join lateral (
        select c.relacl, ''
        union all
        select attacl, format(' (%I)', attname) from pg_attribute where attrelid = c.oid
    ) acl (list, of)
    cross join lateral aclexplode(acl.list) granted
    where c.oid = name::regclass and granted.grantee <> c.relowner
$$;

-- A partition is reached through its table: nobody has a right of its own on it, and one of the
-- audit log is no more emptied than the whole.
create procedure close_partition(name text) language plpgsql as $$
declare
    who text;
begin
    for who in select distinct granted.who from granted_on(name) granted
    loop
        execute format('revoke all on %I from %s cascade', name, who);
    end loop;
    if name like 'audit_log%' then
        execute format(
            'create trigger guard_all before truncate on %I '
            'for each statement execute function guard_audit_log()', name
        );
    end if;
end
$$;

-- The partitions of the next two months, in the tables that have them by months.
create procedure add_partitions() language plpgsql as $$
declare
    table_name text;
    month timestamptz;
    name text;
begin
    foreach table_name in array array['outbox', 'audit_log'] loop
        for ahead in 1..2 loop
            month := date_trunc('month', now() at time zone 'utc') at time zone 'utc'
                     + make_interval(months => ahead);
            name := table_name || to_char(month, '_YYYY_MM');
            continue when to_regclass(name) is not null;
            execute format(
                'create table %I partition of %I for values from (%L) to (%L)',
                name, table_name, uuid_at(month), uuid_at(month + interval '1 month')
            );
            call close_partition(name);
        end loop;
    end loop;
end
$$;

alter table outbox rename to outbox_before;
alter table outbox_before rename constraint outbox_pkey to outbox_before_pkey;
alter index outbox_waiting_idx rename to outbox_before_waiting_idx;
alter index outbox_relayed_idx rename to outbox_before_relayed_idx;
create table outbox (like outbox_before including defaults including constraints, primary key (id))
    partition by range (id);
create index outbox_waiting_idx on outbox (id) where relayed_at is null;
create index outbox_relayed_idx on outbox (relayed_at) where relayed_at is not null;

-- The place in the chain cannot be unique over all partitions. The one sealer that there ever is
-- (an advisory lock says so) numbers rows, and `nodrake audit verify` finds a number used twice.
drop trigger guard_all on audit_log;
drop trigger guard_rows on audit_log;
alter table audit_log rename to audit_log_before;
alter table audit_log_before rename constraint audit_log_pkey to audit_log_before_pkey;
alter table audit_log_before
    rename constraint audit_log_chain_position_unique to audit_log_before_chain_position_unique;
alter index audit_log_addresses_idx rename to audit_log_before_addresses_idx;
alter index audit_log_created_at_idx rename to audit_log_before_created_at_idx;
alter index audit_log_unsealed_idx rename to audit_log_before_unsealed_idx;
alter index audit_log_user_id_idx rename to audit_log_before_user_id_idx;
create table audit_log (
    like audit_log_before including defaults including constraints, primary key (id)
) partition by range (id);
create index audit_log_chain_position_idx on audit_log (chain_position);
create index audit_log_addresses_idx on audit_log (created_at) where ip_address is not null;
create index audit_log_created_at_idx on audit_log (created_at, id);
create index audit_log_unsealed_idx on audit_log (id) where chain_hash is null;
create index audit_log_user_id_idx on audit_log (user_id, created_at, id);

do $$
declare
    bound uuid := uuid_at(
        date_trunc('month', now() at time zone 'utc') at time zone 'utc' + interval '1 month'
    );
begin
    execute format(
        'alter table outbox attach partition outbox_before for values from (minvalue) to (%L)', bound
    );
    execute format(
        'alter table audit_log attach partition audit_log_before for values from (minvalue) to (%L)',
        bound
    );
end
$$;

create trigger guard_all before truncate on audit_log
    for each statement execute function guard_audit_log();
create trigger guard_rows before insert or delete or update on audit_log
    for each row execute function guard_audit_log();

-- The service goes on as it is: what was granted on a table is granted on the one in its place.
do $$
declare
    name text;
    each record;
begin
    foreach name in array array['outbox', 'audit_log'] loop
        for each in select * from granted_on(name || '_before') loop
            execute format(
                'grant %s on %I to %s', each.may, name,
                each.who || case when each.passed_on then ' with grant option' else '' end
            );
        end loop;
    end loop;
end
$$;
call close_partition('outbox_before');
call close_partition('audit_log_before');

-- Where nobody has called it in time, rows are kept here, and have to be moved before their month can
-- have a partition of its own: better than to refuse every write.
create table outbox_later partition of outbox default;
create table audit_log_later partition of audit_log default;
call close_partition('outbox_later');
call close_partition('audit_log_later');

call add_partitions();
commit;
