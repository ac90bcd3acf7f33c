"""The web app in Chromium: its weight, its first screen, how a long list moves."""

import gzip
import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.result import Result
from benchmarks.stage import PASSWORD, ROOT, SERVE, Stage, call, environment, free_port, serving

WEB = ROOT / "clients" / "web"
ROUNDS = 5
ENTRIES = 10_000
KIB = 1024
JAVASCRIPT = 100
LCP_MS, CLS = 2500, 0.1  # what web.dev calls good
LIGHTHOUSE = 90  # what it shows in green


def measure_web(stage: Stage) -> list[Result]:
    """Build the app as it is, then look at it as somebody who comes for the first time."""
    build = ["npm", "run", "--silent", "build"]
    subprocess.run(build, cwd=WEB, check=True, stdout=subprocess.DEVNULL)
    port = free_port()
    # The stage's own service has read the files before they were built.
    environ = environment(stage.database_url, stage.redis_url, port)
    log = stage.folder / "web.log"
    with serving(SERVE, environ, port, "/health/live", log):
        seen = _look(port, _somebody_with_a_list(port))
        scores = _lighthouse(port)
    return [
        *_weights(seen["scripts"]),
        *_first_screen(seen["first"]),
        *_list(seen["rows"], seen["scrolling"]),
        scores,
        Result(what="browser", figure=f"Chromium {seen['browser']}, headless, no GPU"),
    ]


def _somebody_with_a_list(port: int) -> str:
    email = f"{uuid4().hex}@example.org"
    headers = {"content-type": "application/json"}
    body = json.dumps({"email": email, "password": PASSWORD}).encode()
    token = call(port, "POST", "/api/v1/auth/register", headers, body)["access_token"]
    rows = [f"bench-{number} {uuid4().hex[:8]},{uuid4().hex[:22]}" for number in range(ENTRIES)]
    headers = {"authorization": f"Bearer {token}", "content-type": "text/csv"}
    file = "\n".join(["artist,id", *rows, ""]).encode()
    call(port, "POST", "/api/v1/dnp/import", headers, file)
    return email


def _look(port: int, email: str) -> Any:
    program = _chromium()
    origin = f"http://localhost:{port}"
    done = subprocess.run(
        ["node", "benchmarks/web.mjs", program, origin, email, PASSWORD, str(ROUNDS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def _chromium() -> str:
    program = os.environ.get("NODRAKE_CHROMIUM") or shutil.which("chromium")
    if program is None:
        raise RuntimeError("Chromium is needed: make chromium, or name one with NODRAKE_CHROMIUM")
    return program


def _lighthouse(port: int) -> Result:
    """What Lighthouse says of the screen that a stranger sees, as on a slow phone."""
    folder = Path(__file__).with_name("lighthouse")
    subprocess.run(
        ["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300
    )
    done = subprocess.run(
        [
            "node_modules/.bin/lighthouse", f"http://localhost:{port}/sign-up", "--quiet",
            "--output=json", "--only-categories=performance,accessibility,best-practices",
            "--chrome-flags=--headless=new --no-sandbox",
        ],
        cwd=folder,
        env=os.environ | {"CHROME_PATH": _chromium()},
        stdout=subprocess.PIPE,
        check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    scores = {name: round(100 * each["score"]) for name, each in told["categories"].items()}
    return Result(
        what=f"Lighthouse {told['lighthouseVersion']}, the screen to sign up, on a slow phone",
        figure=", ".join(f"{name} {score}" for name, score in scores.items()),
        bar=f"≥ {LIGHTHOUSE} each",
        met=min(scores.values()) >= LIGHTHOUSE,
    )


def _weights(scripts: dict[str, list[str]]) -> list[Result]:
    results = []
    for who, name in (("signed_out", "the first screen"), ("signed_in", "the list")):
        if who not in scripts:
            continue
        files = [WEB / "dist" / path.lstrip("/") for path in scripts[who]]
        packed = sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) / KIB
        sent = sum(_sent(file).stat().st_size for file in files)
        results.append(
            Result(
                what=f"JavaScript of {name}, {len(files)} files",
                figure=f"{packed:.1f} KiB gzip, {sent / KIB:.1f} KiB brotli",
                bar=f"< {JAVASCRIPT} KiB gzip",
                met=packed < JAVASCRIPT,
            )
        )
    return results


def _sent(file: Path) -> Path:
    """What browsers that take Brotli get."""
    packed = file.with_name(f"{file.name}.br")
    return packed if packed.exists() else file


def _first_screen(first: dict[str, list[dict[str, float]]]) -> list[Result]:
    names = {
        "desk": "on this machine",
        "phone": "on a slow phone (processor ÷ 4, 1.6 Mbit/s, 150 ms)",
    }
    return [
        _paint(f"first screen {names[kind]}, empty cache", seen) for kind, seen in first.items()
    ]


def _paint(what: str, seen: Sequence[dict[str, float]]) -> Result:
    times = [one["lcp"] for one in seen]
    shift = max(one["cls"] for one in seen)
    lcp = statistics.median(times)
    return Result(
        what=what,
        figure=f"LCP {lcp:,.0f} ms (slowest {max(times):,.0f}), CLS {shift:.3f}",
        bar=f"LCP < {LCP_MS:,} ms, CLS < {CLS}",
        met=lcp < LCP_MS and shift < CLS,
    )


def _list(rows: Sequence[dict[str, Any]], scrolling: Sequence[dict[str, Any]]) -> list[Result]:
    what = f"a list of {ENTRIES:,}"
    if not rows:
        return [Result(what=what, figure="no rows within 15 s", bar="rows", met=False)]
    waits = [one["shown"] - one["answered"] for one in rows if one["answered"] is not None]
    shown = [one["shown"] for one in rows]
    deltas = sorted(delta for one in scrolling for delta in one["deltas"])
    tasks = [task for one in scrolling for task in one["longTasks"]]
    empty = sum(one["empty"] for one in scrolling)
    return [
        _paint(f"{what}, page loaded again", rows),
        Result(
            what=f"{what}: from the end of the answer to rows on the screen",
            figure=f"{_median(waits)} ms; {_median(shown)} ms from the start of the page",
        ),
        Result(
            what=f"{what}: frames while scrolling",
            figure=(
                f"p50 {_at(deltas, 0.5):.1f} ms, p95 {_at(deltas, 0.95):.1f} ms, "
                f"p99 {_at(deltas, 0.99):.1f} ms, longest {deltas[-1]:.0f} ms of {len(deltas):,}; "
                f"{empty} without a row"
            ),
        ),
        Result(
            what=f"{what}: tasks over 50 ms while scrolling; rows in the page",
            figure=f"{len(tasks)}, longest {max(tasks, default=0):.0f} ms; "
            f"at most {max(one['most'] for one in scrolling)} rows",
        ),
    ]


def _median(times: Sequence[float]) -> str:
    return f"{statistics.median(times):,.0f}" if times else "?"


def _at(times: Sequence[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]
