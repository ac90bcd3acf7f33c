"""`python -m deploy.dashboards`: write every dashboard to deploy/dashboards/."""

from deploy.dashboards.inside import INSIDE
from deploy.dashboards.panels import FOLDER, as_json
from deploy.dashboards.service import SERVICE

for dashboard in (SERVICE, INSIDE):
    (FOLDER / f"{dashboard['uid']}.json").write_text(as_json(dashboard))
