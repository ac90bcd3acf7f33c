"""What can be wrong with the contract."""


class ContractError(Exception):
    """The message says what is wrong and which command to run."""
