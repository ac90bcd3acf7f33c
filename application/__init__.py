"""Use cases: what can be done with the product, and the ports that they need for it."""
