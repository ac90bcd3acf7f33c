"""What erasure needs in tests."""

LEDGER_KEY = b"a key that only tests have, long enough"
