"""How a person wants the console to look and speak: saved with them, so that it is the same in every browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import staff
from hyperpanel.errors import BadInput
from hyperpanel.web import time_zones
from hyperpanel.web.addresses import local
from hyperpanel.web.formats import Formats
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.render import render, see_other
from hyperpanel.web.visits import Visit, visit_of

HERE = "/preferences"
SAVED = f"{HERE}?done=saved"
THEMES = ("auto", "light", "dark")
DENSITIES = ("compact", "comfortable")


@dataclass(frozen=True)
class Form:
    """As `parts/form.html` reads it."""

    typed: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_wrong(self) -> str | None:
        return next(iter(self.errors), None)


@dataclass(frozen=True)
class Index:
    """`there`: what the clock says in the zone that is chosen or typed; empty for one that is not known. `else_zone` is that of whoever
    chose none."""

    form: Form
    zones: Sequence[str]
    there: str
    else_zone: str
    done: str


@get(HERE, name="preferences.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    """`time_zone` in the address is one that is being typed: how late is it there?"""
    visit = visit_of(request)
    chosen = visit.person.time_zone if visit.person else None
    typed = request.query_params.get("time_zone", chosen or "")
    return page(request, visit, Form({"time_zone": typed}))


@post(HERE, name="preferences.update", opt={"permission": "self"}, status_code=303)
async def update(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    given = dict(await fields(request, "next", "language", "theme", "density", "time_zone"))
    onward = local(given.pop("next", ""))
    check(visit, given)
    typed = given.get("time_zone", "").strip()
    zone = time_zones.named(typed) if typed else None
    if typed and zone is None:
        sentence = visit.say("There is no time zone “%(typed)s”. Write it like Europe/Istanbul.", typed=typed[:40])
        return page(request, visit, Form(given, {"time_zone": sentence}), 422)
    if visit.person and given:
        async with visit.write() as transaction:
            zones = {"time_zone": zone} if "time_zone" in given else {}
            await staff.prefer(transaction, visit.person.id, {**given, **zones})
    return see_other(onward)


def check(visit: Visit, given: Mapping[str, str]) -> None:
    """Only a forged form has other values: the page offers these."""
    allowed = {"language": visit.console.languages, "theme": THEMES, "density": DENSITIES}
    for name, among in allowed.items():
        if name in given and given[name] not in among:
            raise BadInput(f"{name} cannot be {given[name]!r}", name)


def page(request: HTMXRequest, visit: Visit, form: Form, status: int = 200) -> Response[str]:
    view = Index(
        form=form,
        zones=time_zones.offered(),
        there=there(visit, form.typed["time_zone"]),
        else_zone=visit.console.settings.web.time_zone,
        done=visit.say("Saved.") if str(visit.url) == SAVED else "",
    )
    around = frame(visit, "preferences.index", visit.say("Preferences"))
    return render(request, around, "preferences/index.html", view, {"zone"}, status)


def there(visit: Visit, typed: str) -> str:
    """Times as they will be written."""
    name = time_zones.named(typed) if typed.strip() else visit.console.settings.web.time_zone
    if name is None:
        return ""
    zone = ZoneInfo(name)
    now = Formats(visit.fmt.signs, zone, visit.now).exact(visit.now)
    return visit.say(
        "In %(zone)s it is %(now)s (%(offset)s).", zone=name, now=now, offset=time_zones.offset(zone, visit.now)
    )
