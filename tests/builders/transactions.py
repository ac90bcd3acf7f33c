"""What transactions of tests seal and sign with."""

from adapters.postgres.transaction import TransactionSecrets
from tests.builders.audit import CHAIN_KEY
from tests.fakes.security import FakeSecretBox

SECRETS = TransactionSecrets(
    box=FakeSecretBox(),
    chain_key=CHAIN_KEY,
    ledger_key=b"a key that only tests have, long enough",
)
