"""Faults in many rounds, under load, with an oracle of acknowledged writes: `make faults`."""
