"""Reports of another installation, by its admin API, as the same plain data that this one's are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hyperpanel.cli.remote import Remote, ask
from hyperpanel.cli.reporting import Answer

if TYPE_CHECKING:
    from hyperpanel.support.reporting import Question


def there(remote: Remote, report: str, names: Sequence[str], question: "Question") -> Answer:
    """Raises Unanswered."""
    asked = {name: None if value == "" else value for name, value in wanted(report, question).items()}
    given = {**asked, "panel": ",".join(names) if names else None}
    found: Answer = ask(remote, lambda client: client.data("reports", report, **given))
    return found


def wanted(report: str, question: "Question") -> dict[str, object]:
    """What this report can be asked, as far as it is: the API refuses what a report has no use for."""
    usual: dict[str, object] = {"hours": question.hours, "at": question.at, "profile": question.profile}
    if report == "users":
        return {**usual, "currency": question.currency, "rows": question.most}
    if report == "tickets-by-staff":
        return {**usual, "leave": ",".join(question.leave)}
    if report == "margins":
        return {**usual, "by": question.by, "zone": question.zone}
    return usual
