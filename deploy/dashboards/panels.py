"""What dashboards are made of: rows of panels, each with one question and its unit."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
_WIDTH = 24
_HEIGHT = 8
_SOURCE = {"type": "prometheus", "uid": "${source}"}

Panel = dict[str, Any]


def lines(
    title: str,
    unit: str,
    *queries: tuple[str, str],
    about: str = "",
    limit: float | None = None,
    stacked: bool = False,
    exemplars: bool = False,
) -> Panel:
    """A graph over time; ``queries`` are expressions with what each line is called.

    ``limit`` is drawn as a line: where an alert fires.
    """
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if limit is not None:
        steps.append({"color": "red", "value": limit})
    custom: dict[str, Any] = {"fillOpacity": 10, "showPoints": "never"}
    if stacked:
        custom |= {"stacking": {"mode": "normal"}, "fillOpacity": 40}
    if limit is not None:
        custom["thresholdsStyle"] = {"mode": "dashed"}
    return {
        "type": "timeseries",
        "title": title,
        "description": about,
        "datasource": _SOURCE,
        "fieldConfig": {
            "defaults": {
                "unit": unit,
                "min": 0,
                "custom": custom,
                "thresholds": {"mode": "absolute", "steps": steps},
            },
            "overrides": [],
        },
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": _targets(queries, exemplars=exemplars),
    }


def number(title: str, unit: str, query: str, *, red: float, about: str = "") -> Panel:
    """One number, red from ``red`` on; below 1 it is red under it: something is away."""
    colours = ["green", "red"] if red > 0 else ["red", "green"]
    return {
        "type": "stat",
        "title": title,
        "description": about,
        "datasource": _SOURCE,
        "fieldConfig": {
            "defaults": {
                "unit": unit,
                "thresholds": {
                    "mode": "absolute",
                    "steps": [
                        {"color": colours[0], "value": None},
                        {"color": colours[1], "value": abs(red)},
                    ],
                },
            },
            "overrides": [],
        },
        "options": {"colorMode": "background", "reduceOptions": {"calcs": ["lastNotNull"]}},
        "targets": _targets([(query, "")]),
    }


def dashboard(uid: str, title: str, about: str, *rows: tuple[str, list[Panel]]) -> Panel:
    """A dashboard of rows, each under a heading and as wide as the screen."""
    panels: list[Panel] = []
    y = 0
    for heading, row in rows:
        panels.append(
            {
                "type": "row",
                "title": heading,
                "collapsed": False,
                "gridPos": {"x": 0, "y": y, "w": _WIDTH, "h": 1},
                "panels": [],
            }
        )
        y += 1
        width = _WIDTH // len(row)
        height = _HEIGHT // 2 if all(panel["type"] == "stat" for panel in row) else _HEIGHT
        for place, panel in enumerate(row):
            grid = {"x": place * width, "y": y, "w": width, "h": height}
            panels.append(panel | {"gridPos": grid})
        y += height
    return {
        "uid": uid,
        "title": title,
        "description": about,
        "tags": ["nodrake"],
        "schemaVersion": 39,
        "version": 1,
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "utc",
        "templating": {
            "list": [
                {
                    "name": "source",
                    "label": "Prometheus",
                    "type": "datasource",
                    "query": "prometheus",
                    "current": {},
                    "hide": 0,
                }
            ]
        },
        "annotations": {"list": []},
        "links": [
            {"type": "dashboards", "title": "No Drake in the House", "tags": ["nodrake"]},
        ],
        "panels": [{"id": place} | panel for place, panel in enumerate(panels, 1)],
    }


def as_json(document: Panel) -> str:
    """The text of the file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _targets(queries: Any, *, exemplars: bool = False) -> list[Panel]:
    return [
        {
            "refId": chr(ord("A") + place),
            "datasource": _SOURCE,
            "expr": expression,
            "legendFormat": name,
            "exemplar": exemplars,
        }
        for place, (expression, name) in enumerate(queries)
    ]
