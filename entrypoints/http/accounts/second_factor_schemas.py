"""Wire shapes of the second factor."""

from typing import Annotated

import msgspec
from msgspec import Meta

from application.accounts.set_up_totp import TotpEnrolment
from entrypoints.http.accounts.schemas import TotpCode


class TotpSetup(msgspec.Struct, frozen=True, kw_only=True):
    """What an authenticator needs; it is shown this once."""

    secret: Annotated[
        str,
        Meta(
            description="Base32, to be typed where no camera helps.",
            examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"],
        ),
    ]
    otpauth_url: Annotated[
        str,
        Meta(
            description="To be followed on the device of the authenticator.",
            examples=["otpauth://totp/No%20Drake:ada%40example.org?secret=JBSWY3DPEHPK3PXP"],
        ),
    ]
    qr_code_svg: Annotated[
        str, Meta(description="The address as a QR code.", examples=["<svg></svg>"])
    ]

    @classmethod
    def of(cls, enrolment: TotpEnrolment) -> "TotpSetup":
        """The wire shape."""
        return cls(
            secret=enrolment.secret, otpauth_url=enrolment.uri, qr_code_svg=enrolment.picture
        )


class TotpVerification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first code of the authenticator."""

    totp_code: TotpCode


class RecoveryCodes(msgspec.Struct, frozen=True, kw_only=True):
    """Ten codes, each of which stands in once for a lost authenticator; shown this once."""

    recovery_codes: Annotated[
        list[str], Meta(examples=[["7k3m-p2qw-x9ab-4tcd-e6fg-h8jn"]], description="Keep them safe.")
    ]
