"""Time-based one-time passwords with pyotp, and their QR codes with segno."""

import hmac
import io
from datetime import datetime

import pyotp
import segno

ISSUER = "No Drake in the House"
_SECONDS = 30
_DIGITS = 6


class PyotpTotpCodes:
    """``TotpCodes``; a code is taken in its own thirty seconds and in the thirty after."""

    def new_secret(self) -> str:
        """From the system's randomness."""
        return pyotp.random_base32(32)

    def uri(self, secret: str, account: str, /) -> str:
        """Key URI format, as authenticators agree on it."""
        return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)

    def picture(self, uri: str, /) -> str:
        """An SVG element without a document around it, four modules of margin."""
        out = io.BytesIO()
        segno.make_qr(uri, error="m").save(
            out, kind="svg", xmldecl=False, svgns=True, scale=4, border=4, light="#fff"
        )
        return out.getvalue().decode()

    def step(self, secret: str, code: str, now: datetime, /) -> int | None:
        """Compare in constant time; the newer step first."""
        digits = code.replace(" ", "")
        if len(digits) != _DIGITS or not digits.isascii() or not digits.isdigit():
            return None
        totp = pyotp.HOTP(secret)
        current = int(now.timestamp()) // _SECONDS
        for step in (current, current - 1):
            if hmac.compare_digest(totp.at(step), digits):
                return step
        return None
