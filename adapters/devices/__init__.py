"""What a User-Agent says about a device."""
