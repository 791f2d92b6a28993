"""Parts of the style guide that no whole page of samples brings along: charts, and messages as they come, are edited and go."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from markupsafe import Markup

from hyperpanel.web.charts import Chart, Lines, Series, chart, lines
from hyperpanel.web.dashboard_totals import Line, line
from hyperpanel.web.thread_views import Earlier, File, MessageView
from hyperpanel.web.visits import Visit

DAYS = tuple((place * 7) % 23 + place // 3 for place in range(30))
"""New records on each day of a month."""


def spark(visit: Visit) -> Line:
    return line(visit, DAYS)


def bars(visit: Visit) -> Chart:
    ends = [visit.now - timedelta(days=len(DAYS) - 1 - place) for place in range(len(DAYS))]
    values = [(visit.fmt.exact(end).rpartition(" ")[0], number) for end, number in zip(ends, DAYS, strict=True)]
    told = visit.say("%(number)s in 30 days", number=visit.fmt.number(sum(DAYS)))
    heads = (visit.say("Created"), visit.say("Orders"))
    return chart("sample", visit.say("Orders"), told, values, visit.fmt.number, heads)


def trend(visit: Visit) -> Lines:
    """With hours of which nothing is known, and one alone between them."""
    labels = [visit.fmt.exact(visit.now - timedelta(hours=len(DAYS) - 1 - place)) for place in range(len(DAYS))]
    first = [None if place in (9, 11, 12) else 100.0 - 2 * DAYS[place] for place in range(len(DAYS))]
    second = [float(number) for number in DAYS]
    told = visit.say("How it stood at the end of each hour.")
    series: Series = [(visit.say("Orders"), first), (visit.say("Tickets"), second)]
    return lines("lines", visit.say("Trend"), told, labels, series, visit.fmt.number, visit.say("Hour"), most=100)


def messages(visit: Visit) -> Sequence[MessageView]:
    """Of a customer, with a file; of the staff, edited; and one that was deleted at the panel."""
    at = visit.now - timedelta(hours=1)
    clock = visit.fmt.exact(at)[-8:-3]
    asked = MessageView(
        id="sample-1",
        is_staff=False,
        sender="kadir",
        clock=clock,
        at=at,
        body=Markup("<p>siparişim 906386 düştü …</p>"),
        is_empty=False,
        whole_href=None,
        files=[File("dekont.pdf", "48 kB", "https://files.example/dekont.pdf", "files.example")],
        earlier=(),
        gone_at=None,
        is_newest=False,
    )
    before = Earlier(Markup("<p>Refill sent.</p>"), at, False)
    answered = replace(
        asked,
        id="sample-2",
        is_staff=True,
        sender="ana",
        files=(),
        body=Markup("<p>Refill started.</p>"),
        earlier=[before],
    )
    gone = replace(asked, id="sample-3", sender="علی_رضایی", body=Markup("<p>سلام ۱۲۳</p>"), files=(), gone_at=at)
    return [asked, answered, gone]
