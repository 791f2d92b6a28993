"""Providers: who sees them, one incident for an outage, figures that open their orders, and names that anybody wrote."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from hyperpanel.db import outages
from hyperpanel.db.schema import staff
from hyperpanel.support import outage_watch
from hyperpanel.web import provider_rows
from hyperpanel.web.provider_incidents import SURENESS, percent
from reports.outages import Outage, Share, of_shares
from tests.support.deliveries import World
from tests.support.staged import NOON, order

HERE = "/tracking/providers"
HOUR = timedelta(hours=1)


def links(page: str) -> list[str]:
    """Of the page itself, in order."""
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', page.split("<main")[1])]


def stuck(id: str, panel: str = "eu-1", provider: str = "prov-a", **changes):
    return order(id, panel, **{"created_at": NOON - 20 * HOUR, "provider": provider, "remains": 5, **changes})


def done(id: str):
    at = NOON - HOUR
    return stuck(id, status="completed", remains=0, finished_from=at, finished_at=at)


async def outage(staged) -> None:
    """prov-1 is down on both panels."""
    names = {1: "eu-1", 2: "us-2"}
    rows = World(paces={"prov-1": (8.0, 0.0)}).orders().to_dicts()
    await staged.keep(*(order(row.pop("id"), names[row.pop("panel_id")], **row) for row in rows))
    await outage_watch.look(staged.database, NOON)


async def test_index_is_for_those_who_may_see_providers(staged):
    for name, status in (("ana", 200), ("max", 200), ("ben", 403), ("vic", 403)):
        browser = await staged.signed_in(name)
        assert (await browser.get(HERE)).status_code == status
        assert (await browser.get(f"{HERE}/provider?name=prov-a")).status_code == status


async def test_index_tells_an_outage_as_one_incident(staged, ana):
    await outage(staged)
    page = (await ana.get(f"{HERE}?panel=eu-1&panel=us-2")).text
    assert page.count('class="incident"') == 1
    assert "prov-1 is almost certainly down" in page
    assert "confidence 99 %" in page
    assert "Meanwhile other providers made" in page


async def test_index_says_when_nobody_is_inferred_to_be_down(staged, ana):
    await staged.keep(stuck("1"))
    page = (await ana.get(f"{HERE}?panel=eu-1")).text
    assert ("No provider is inferred" in page, "no worker has looked for 10 minutes" in page) == (False, True)
    await outage_watch.look(staged.database, NOON)
    assert "No provider is inferred to be down." in (await ana.get(f"{HERE}?panel=eu-1")).text


async def test_index_says_nothing_good_on_old_data(staged, ana):
    await staged.keep(*(done(str(n)) for n in range(6)))
    on_time, late = (await ana.get(f"{HERE}?panel=eu-1")).text, (await ana.get(HERE)).text
    assert '<span class="status status-ok">Works</span>' in on_time
    assert "status-ok" not in late.split("<main")[1]
    assert "No provider is inferred" not in late
    assert "2 of 3 panels on time" in late


async def test_index_opens_the_stuck_orders_that_it_counts(staged, ana):
    await staged.keep(stuck("1"), stuck("2", "us-2"), stuck("3", created_at=NOON - HOUR), stuck("4", status="canceled"))
    page = (await ana.get(HERE)).text
    [href] = [one for one in links(page) if one.startswith("/orders?") and "created_to" in one]
    listed = (await ana.get(href)).text
    assert [id for id in ("eu-1-1", "us-2-2", "eu-1-3", "eu-1-4") if f'id="o-{id}"' in listed] == ["eu-1-1", "us-2-2"]


async def test_index_keeps_currencies_apart(staged, ana):
    dear = [stuck("1", charge=3 * 10**8), stuck("2", charge=4 * 10**8, charge_currency="EUR")]
    await staged.keep(*dear)
    page = (await ana.get(HERE)).text
    assert "3.00\u00a0USD" in page
    assert "4.00\u00a0EUR" in page


async def test_index_of_nothing_offers_a_longer_window(staged, ana):
    assert "hours=72" in (await ana.get(HERE)).text


async def test_index_is_of_allowed_panels_alone(staged):
    await staged.keep(stuck("1"), stuck("2", "us-2", "prov-b"))
    max_ = await staged.signed_in("max")
    page = (await max_.get(f"{HERE}?panel=us-2")).text
    assert ("prov-b" in page, "prov-a" in page) == (True, False)


async def test_show_opens_its_services(staged, ana):
    await staged.keep(stuck("1", service_id="170"), stuck("2", "us-2", service_id="9"), stuck("3", provider="prov-b"))
    page = (await ana.get(f"{HERE}/provider?name=prov-a&hours=48")).text
    found = {one for one in links(page) if one.startswith("/tracking/services/")}
    assert found == {"/tracking/services/eu-1/170?hours=48", "/tracking/services/us-2/9?hours=48"}


async def test_show_takes_any_name_that_somebody_may_have_written(staged, ana):
    odd = "a/b?c&d <b>%2F"
    await staged.keep(stuck("1", provider=odd))
    [href] = [one for one in links((await ana.get(HERE)).text) if one.startswith(f"{HERE}/provider")][:1]
    assert dict(parse_qsl(urlsplit(href).query))["name"] == odd
    page = (await ana.get(href)).text
    assert "<b>" not in page
    assert "/tracking/services/eu-1/170" in page


async def test_show_of_one_with_nothing_says_so(staged, ana):
    assert "None of its orders is stuck" in (await ana.get(f"{HERE}/provider?name=nobody")).text
    assert (await ana.get(f"{HERE}/provider")).status_code == 404


def test_it_is_never_quite_certain():
    made = Outage("p", 1.0, NOON, (1,), 1, 1, {})
    assert percent(made) == 99
    assert [least for least, _ in SURENESS] == sorted((least for least, _ in SURENESS), reverse=True)


def test_every_state_has_a_word_and_a_shape():
    assert len({tone for _, tone in provider_rows.STATES.values()}) == len(provider_rows.STATES)


async def test_index_and_dashboard_tell_each_of_their_own_panels(staged, ana):
    await outage(staged)
    await staged.change(staff, {"role": "manager"}, username="ben")
    ben = await staged.signed_in("ben")
    home, page, whole = (await ben.get("/")).text, (await ben.get(HERE)).text, (await ana.get(HERE)).text
    assert ('id="need-down"' in home, "prov-1 is almost certainly down" in page) == (True, True)
    assert ("inferred over all panels" in page, "inferred over all panels" in whole) == (True, False)
    theirs, mine = (one.split('class="incident"')[1].split("</li>")[0] for one in (whole, page))
    assert ("us-2" in theirs, "us-2" in mine) == ("USD" in theirs and "EUR" in theirs, "EUR" in mine) == (True, False)


async def test_what_others_panels_wait_for_is_told_on_neither_page(staged, ana):
    shares = (Share(1, due=4.0), Share(2, services=1, orders=3, due=4.0))
    async with staged.database.write() as connection:
        await outages.keep(connection, [of_shares("prov-1", 0.97, NOON - HOUR, shares)], NOON)
    told = [(await ana.get(f"{path}?panel=eu-1")).text for path in ("/", HERE)]
    assert ["prov-1" in page for page in told] == [False, False]


async def test_index_of_orders_that_cost_more_than_64_bits_hold(staged, ana):
    await staged.keep(*(stuck(str(n), charge=5 * 10**18) for n in range(2)))
    assert "100,000,000,000.00\u00a0USD" in (await ana.get(HERE)).text
