"""The audit log: what ties its rows together, and how long they are kept."""
