"""The command line: ``nodrake``."""
