"""Messages as they travel (RFC 5322)."""

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from adapters.mail.templates import MailTemplates
from application.notifications.ports import MailNotSentError
from domain.accounts.email_address import EmailAddress
from domain.shared.errors import DomainError
from domain.shared.mail import Mail


class MessageWriter:
    """From a message of ours to one that a mail server takes."""

    def __init__(self, sender: str, templates: MailTemplates) -> None:
        self._sender = parse_sender(sender)
        self._templates = templates

    @property
    def sender(self) -> str:
        """The bare address that messages come from."""
        return self._sender.addr_spec

    def write(self, mail: Mail, queued_at: datetime) -> EmailMessage:
        """Text with HTML beside it; the same ``Message-ID`` however often it is sent.

        The policy refuses line breaks in any header. ``MailNotSentError`` for an address that
        cannot be one.
        """
        content = self._templates.render(mail, queued_at)
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = self._sender
            message["To"] = parse_address(EmailAddress.parse(mail.to).text)
            message["Subject"] = content.subject
        except (DomainError, ValueError, MessageError) as error:
            raise MailNotSentError("malformed", final=True) from error
        message["Date"] = format_datetime(queued_at)
        message["Message-ID"] = f"<{mail.id}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody is on holiday to us
        message["X-Auto-Response-Suppress"] = "All"
        message["Content-Language"] = "en"
        message.set_content(content.text)
        message.add_alternative(content.html, subtype="html")
        return message


def parse_address(text: str, display_name: str = "") -> Address:
    """An address whose domain is in ASCII (RFC 5890), as servers without SMTPUTF8 want it."""
    local, _, domain = text.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValueError("not a domain") from error
    return Address(display_name=display_name, username=local, domain=domain)


def parse_sender(text: str) -> Address:
    """``name@example.org`` or ``Name <name@example.org>``; ``ValueError`` for anything else."""
    name, bracket, rest = text.strip().rpartition("<")
    address = rest.removesuffix(">") if bracket else rest
    if "@" not in address.strip("@") or any(char in text for char in "\r\n\0"):
        raise ValueError("expected an address such as Name <name@example.org>")
    return parse_address(address.strip(), name.strip().strip('"'))
