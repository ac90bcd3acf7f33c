"""Providers that people can sign in with."""
