"""Brings the validators of this repository into ``.tools/``, each in one pinned version.

``go-tools.txt`` names what comes with Go, ``requirements.lock`` what comes as a Python package;
promtool is in Debian's package ``prometheus``. Nothing is installed outside of ``.tools/`` but
nginx and PgBouncer, which are Debian's.
"""
