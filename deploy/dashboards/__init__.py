"""Grafana's dashboards, written as code: `python -m deploy.dashboards` writes the JSON."""
