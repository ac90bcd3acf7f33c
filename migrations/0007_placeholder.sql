-- Stands in for the migration of this number until both are put together; never released.
select 1;
