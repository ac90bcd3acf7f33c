"""PostgreSQL and Redis as child processes, from wheels, for machines that have neither."""
