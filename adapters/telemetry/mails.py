"""Messages on their way out, as log lines."""

from structlog.typing import FilteringBoundLogger

from domain.shared.ids import MailId
from domain.shared.mail import MailKind


class LoggedMails:
    """``MailJournal``: one line for each try; ids and kinds, never an address or a link."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log

    def sent(self, mail_id: MailId, kind: MailKind, attempt: int) -> None:
        """All is well."""
        self._log.info("mail", outcome="sent", mail_id=mail_id, kind=kind, attempt=attempt)

    def delayed(self, mail_id: MailId, attempt: int, reason: str) -> None:
        """Nobody need do anything yet."""
        self._log.warning(
            "mail", outcome="delayed", mail_id=mail_id, attempt=attempt, reason=reason
        )

    def given_up(self, mail_id: MailId, attempt: int, reason: str) -> None:
        """Somebody did not get what they wait for."""
        self._log.error("mail", outcome="given_up", mail_id=mail_id, attempt=attempt, reason=reason)
