"""What people may ask of their own data."""
