"""Names for devices."""

import pytest

from adapters.devices.device_names import UaParserDeviceNames

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("my-integration/2.1 (+https://example.org)", "my-integration"),
        ("\u202e\x00", "\u202e\x00"),
        ("x" * 5000, "x" * 40),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_people_recognise_their_devices(user_agent: str | None, name: str) -> None:
    assert UaParserDeviceNames()(user_agent) == name
