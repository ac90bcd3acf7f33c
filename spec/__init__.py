"""The contract with everybody who calls the API."""
