"""E-mail: how messages are written, and how they are sent or put into a folder."""
