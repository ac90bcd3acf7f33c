-- placeholder
alter table artists add column disambiguation text;
