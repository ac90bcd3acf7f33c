"""Names for devices, from what their browsers say of themselves."""

import ua_parser

_OTHER = "Other"


class UaParserDeviceNames:
    """``DeviceNames`` by the browser community's shared list of patterns."""

    def __call__(self, user_agent: str | None, /) -> str:
        """Browser and system, such as ``Firefox on Linux``; the product's own name for others."""
        if not user_agent:
            return "unknown"
        found = ua_parser.parse(user_agent)
        browser = found.user_agent.family if found.user_agent else _OTHER
        system = found.os.family if found.os else _OTHER
        if browser == _OTHER:
            browser = user_agent.partition("/")[0].partition(" ")[0][:40]
        return browser if system == _OTHER else f"{browser} on {system}"
