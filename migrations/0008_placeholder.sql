-- Stands in for the migration of this number until all are put together; never released.
select 1;
