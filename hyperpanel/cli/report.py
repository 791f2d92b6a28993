"""`hyperpanel report`: the figures of the pages, for scripts and for a terminal. Each report is a module of its own, `report_…`."""

import rich_click as click

from hyperpanel.cli.report_margins import margins
from hyperpanel.cli.report_providers import providers
from hyperpanel.cli.report_service_health import service_health
from hyperpanel.cli.report_tickets import tickets_by_service, tickets_by_staff
from hyperpanel.cli.report_users import users


@click.group()
def report() -> None:
    """The figures of the console's reports, with how old their data is.

    \b
    Example:
    $ hyperpanel report service-health --hours 24 --panel eu-1
    """


for command in (margins, providers, service_health, tickets_by_staff, tickets_by_service, users):
    report.add_command(command)
