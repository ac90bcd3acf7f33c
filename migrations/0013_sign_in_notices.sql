-- Sign-ins with a password that have failed in a row, over any time. A right one, a reset and a
-- change of the password take the rows away.
create table password_failures (
    user_id uuid not null references users (id) on delete cascade,
    familiar boolean not null,
    failures integer not null,
    closed_at timestamptz,
    primary key (user_id, familiar),
    constraint password_failures_not_negative check (failures >= 0)
);
comment on table password_failures is 'Attempts with the password that have failed in a row: of strangers, and of devices and sessions that the account knows.';

-- Whether a message told the owner of a session that began somewhere new.
alter table user_sessions add column notice text;
alter table user_sessions add constraint user_sessions_notice_known
    check (notice in ('sent', 'withheld'));
