"""The long list in one request, twice: how long it takes, how much memory."""

import time

from benchmarks.result import Result
from benchmarks.stage import Stage


def measure_import(stage: Stage) -> list[Result]:
    """The service must not have imported anything before."""
    before = stage.memory("VmRSS")
    started = time.perf_counter()
    first = stage.import_list()
    seconds = time.perf_counter() - started
    growth = stage.memory("VmHWM") - before  # of the highest point, start-up included
    started = time.perf_counter()
    second = stage.import_list()
    again = time.perf_counter() - started
    return [
        Result(
            what="first import, one request",
            figure=f"{seconds:.2f} s, {first['added']:,} added, {first['rejected']} rejected",
            bar="< 2 s",
            met=seconds < 2,
        ),
        Result(
            what="second import of the same",
            figure=f"{again:.2f} s, {second['added']} added",
            bar="adds 0",
            met=second["added"] == 0,
        ),
        Result(
            what="growth of the process's memory (highest point)",
            figure=f"{growth:.1f} MiB",
            bar="< 64 MiB",
            met=growth < 64,
        ),
    ]
