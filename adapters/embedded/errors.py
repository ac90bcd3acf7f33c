"""What can go wrong when servers are started here."""


class EmbeddedServerError(Exception):
    """A server could not be started; the message says what to do."""
