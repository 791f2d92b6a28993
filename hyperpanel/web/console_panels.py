"""Settings → Panels → Add from a hyperpanel: another console is asked for its panels, and those that are ticked become panels here.

Between the two steps the server keeps nothing: the key stays typed in the browser and is sent again, and is in no page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import panels
from hyperpanel.db.panels import NameTaken, Panel
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.errors import BadInput
from hyperpanel.support import consoles
from hyperpanel.support.attaching import spelled
from hyperpanel.support.wanted import CONSOLE, Typed
from hyperpanel.web.ages import trouble
from hyperpanel.web.console_choices import SENT, Choices, ConsoleForm, Given, choices, judged, wanted_panels
from hyperpanel.web.forms import fields_and_list
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_adding import known, store
from hyperpanel.web.panel_checks import FIELDS
from hyperpanel.web.panel_choice import grouped
from hyperpanel.web.panel_fields import sentence, worded
from hyperpanel.web.panel_places import HERE
from hyperpanel.web.render import render, see_other
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of
from sync.connectors.consoles import Console
from sync.verdicts import Trouble

PLACE = HERE + "/console"


@dataclass(frozen=True)
class New:
    """`problems`: why nothing was found, or nothing was added."""

    form: ConsoleForm
    found: Choices | None = None
    problems: Sequence[str] = ()


@get(PLACE, name="console_panels.new", opt={"permission": "panels:edit"})
async def new(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    return page(request, visit, New(ConsoleForm(groups=grouped(await known(visit)))))


@post(PLACE + "/look", opt={"permission": "panels:edit"}, status_code=200)
async def look(request: HTMXRequest) -> Response[str]:
    """Which panels it has; nothing is stored."""
    visit, given = visit_of(request), await sent(request)
    console = await asked(visit, given)
    if isinstance(console, New):
        return page(request, visit, console, 422)
    found = choices(given, console, await everything(visit))
    return page(request, visit, New(await form(visit, given), found))


@post(PLACE, opt={"permission": "panels:edit"}, status_code=303)
async def create(request: HTMXRequest) -> Response[str]:
    """The console is asked once more: what is stored is what it says, and not what a page says that it said."""
    visit, given = visit_of(request), await sent(request)
    console = await asked(visit, given)
    if isinstance(console, New):
        return page(request, visit, console, 422)
    others = await everything(visit)
    try:
        made = [spelled(panel, others) for panel in wanted_panels(given, console, others)]
        await store(visit, [(panel, {"admin_key": given.typed.admin_key.strip()}) for panel in made])
    except (BadInput, NameTaken) as refusal:
        problem = refusal if isinstance(refusal, BadInput) else BadInput(consoles.FREE, "name")
        view = New(await form(visit, given), choices(given, console, others), [sentence(visit, problem)])
        return page(request, visit, view, 422)
    return see_other(HERE)


async def asked(visit: Visit, given: Given) -> Console | New:
    """What the console tells, or the page that says why it told nothing."""
    errors = judged(given)
    try:
        await visit.read(lambda connection: consoles.refuse_own(connection, given.typed.admin_key.strip()))
    except BadInput as problem:
        errors[problem.field] = problem
    if errors:
        lines = [f"{visit.say(FIELDS[name])}: {sentence(visit, problem)}" for name, problem in errors.items()]
        return New(await form(visit, given, errors), problems=lines)
    try:
        return await consoles.asked(given.url, given.typed.admin_key.strip(), given.typed.private)
    except Trouble as found:
        return New(await form(visit, given), problems=[trouble(visit, found.of(shown(given.typed.name) or ""))])


async def everything(visit: Visit) -> list[Panel]:
    """Names are taken, and a key's calls are spent, by panels that this person does not see, too."""
    return await visit.read(lambda connection: panels.all_of(connection, EVERYTHING))


async def sent(request: HTMXRequest) -> Given:
    values, only = await fields_and_list(request, "only", *SENT)
    texts = {name: values.get(name, "") for name in SENT if name != "private"}
    return Given(Typed(**texts, kind=CONSOLE, private=values.get("private", "") != ""), only)


async def form(visit: Visit, given: Given, errors: Mapping[str, BadInput] | None = None) -> ConsoleForm:
    """Everything stays but the key."""
    wrong = errors or {}
    retype = ["admin_key"] if given.typed.admin_key and "admin_key" not in wrong else []
    return ConsoleForm(given.typed, worded(visit, wrong), retype, groups=grouped(await known(visit)))


def page(request: HTMXRequest, visit: Visit, view: New, status: int = 200) -> Response[str]:
    around = frame(visit, "panels.index", visit.say("Add panels of a hyperpanel"))
    return render(request, around, "console_panels/new.html", view, {"found"}, status)
