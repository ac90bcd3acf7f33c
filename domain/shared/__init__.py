"""What every context speaks of: ids, errors, events, where a request came from."""
