"""What is logged of an exception that nobody expected."""

import traceback


def trace_of(error: BaseException) -> str:
    """Where it happened and of what type it was, without values: they may be secrets."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-8:]))
    return f"{type(error).__module__}.{type(error).__qualname__} at {places}"
