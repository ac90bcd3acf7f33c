"""The rules and the data of the product: no I/O, no clock, no randomness."""
