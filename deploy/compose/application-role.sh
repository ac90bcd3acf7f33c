#!/bin/sh
# The role that the API and the worker sign in as; `nodrake migrate` grants it what it needs.
# PostgreSQL's image runs this once, when the volume is new.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$APP_PASSWORD" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role nodrake_app login password :'password';
SQL
