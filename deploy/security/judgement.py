"""Whether an audit passes: what was found, what is tolerated, and until when."""

from collections.abc import Iterable
from datetime import date, timedelta

from deploy.security.exceptions import AuditException
from deploy.security.reports import Report, Vulnerability

LONGEST = timedelta(days=90)


def complaints(
    reports: Iterable[Report], exceptions: Iterable[AuditException], today: date
) -> list[str]:
    """Everything that makes the audit fail, each with what to do; nothing when it passes."""
    reports, exceptions = list(reports), list(exceptions)
    vulnerabilities = [found for report in reports for found in report.vulnerabilities]
    said = [f"{problem}: what was not looked at is not known to be safe"
            for report in reports for problem in report.problems]  # fmt: skip
    said += [
        f"{found.package} ({found.ecosystem}): {', '.join(sorted(found.ids))}, {found.remedy}. "
        "Upgrade it, or add an entry to deploy/security/audit-exceptions.json"
        for found in vulnerabilities
        if not any(_covers(each, found) for each in exceptions)
    ]
    for each in exceptions:
        name = f"exception {each.id} for {each.package}"
        if each.expires < today:
            said.append(f"{name}: expired on {each.expires}; {each.owner} is to upgrade or renew")
        elif each.expires - today > LONGEST:
            said.append(f"{name}: lasts until {each.expires}, more than {LONGEST.days} days")
        if not any(_covers(each, found) for found in vulnerabilities):
            said.append(f"{name}: matches nothing that was found; take the entry out")
    return said


def _covers(each: AuditException, found: Vulnerability) -> bool:
    """The same advisory for the same package; an expired one still covers, and is told apart."""
    same = (each.ecosystem, each.package.lower()) == (found.ecosystem, found.package.lower())
    return same and each.id in found.ids
