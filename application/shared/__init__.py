"""Ports and questions that belong to no single context."""
