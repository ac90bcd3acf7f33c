"""A mail server, and messages for it."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.mail.message import MessageWriter
from adapters.mail.templates import MailTemplates
from tests.sink import Sink, smtp_sink

PUBLIC_URL = "https://music.example.org"


@pytest.fixture
def anyio_backend() -> str:
    """The only event loop that the service runs on."""
    return "asyncio"


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A server on loopback."""
    with smtp_sink() as sink:
        yield sink


@pytest.fixture
def writer() -> MessageWriter:
    """Messages from a service with a name."""
    return MessageWriter("No Drake <no-reply@music.example.org>", MailTemplates(PUBLIC_URL))


@pytest.fixture
def own_certificate(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that its owner signed alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "own.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
