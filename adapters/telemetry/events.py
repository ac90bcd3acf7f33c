"""Events as log lines, for whoever reads the log to act on."""

import msgspec
from structlog.typing import FilteringBoundLogger


class LoggedEvents:
    """One line for each event; it holds ids, never what somebody wrote."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log

    async def __call__(self, payload: bytes) -> None:
        """Write the event."""
        self._log.info("event", payload=msgspec.json.decode(payload))
