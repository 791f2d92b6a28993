"""How a person wants the console to look and speak: saved with them, so that it is the same in every browser."""

from zoneinfo import available_timezones

from litestar import Response, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import staff
from hyperpanel.errors import BadInput
from hyperpanel.web.addresses import local
from hyperpanel.web.forms import fields
from hyperpanel.web.render import see_other
from hyperpanel.web.visits import Visit, visit_of

THEMES = ("auto", "light", "dark")
DENSITIES = ("compact", "comfortable")


@post("/preferences", name="preferences.update", opt={"permission": "self"}, status_code=303)
async def update(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given = dict(await fields(request, "next", "language", "theme", "density", "time_zone"))
    onward = local(given.pop("next", ""))
    check(visit, given)
    if visit.person and given:
        async with visit.write() as transaction:
            await staff.prefer(transaction, visit.person.id, given)
    return see_other(onward)


def check(visit: Visit, given: dict[str, str]) -> None:
    """Only a forged form has other values: the page offers these."""
    allowed = {
        "language": visit.console.languages,
        "theme": THEMES,
        "density": DENSITIES,
        "time_zone": available_timezones() if "time_zone" in given else (),
    }
    for name, value in given.items():
        if value not in allowed[name]:
            raise BadInput(f"{name} cannot be {value!r}", name)
