"""What a scan found, written for people and for programs."""
