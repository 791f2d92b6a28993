"""The console from sign-in to sign-out on each database system: the other tests of this folder use SQLite alone."""

from sqlalchemy import select

from hyperpanel.db import audit
from hyperpanel.db.schema import pauses
from tests.support.staged import order, stage

PAUSE = "/settings/sync/eu-1/orders/pause"


async def test_a_whole_visit(database_url):
    async with stage(database_url) as staged:
        await staged.keep(order("1"), order("2", "us-2", created_at=None), order("3", status="fail"))
        browser = staged.browser()
        assert (await browser.sign_in("ana", "wrong")).status_code == 422
        assert (await browser.sign_in("ana")).status_code == 303
        page = (await browser.get("/orders")).text
        browser.headers["x-csrf"] = page.split('name="csrf" value="')[1].split('"')[0]
        assert "1–3 of 3" in page
        for query in ("number=1", "status=fail", "user=kadir", "service=170", "mode=auto", "created_from=2026-01-01"):
            assert (await browser.get(f"/orders?{query}")).status_code == 200
        assert (await browser.get("/orders/us-2/2")).status_code == 200
        assert (await browser.put(PAUSE, headers={"HX-Request": "true"})).status_code in (200, 303)
        assert len(await staged.rows(select(pauses.c.id).execution_options(scoped=True))) == 1
        assert (await browser.post("/preferences", data={"language": "tr"})).status_code == 303
        assert "Siparişler" in (await browser.get("/settings/sync")).text
        assert (await browser.post("/sign-out")).status_code == 303
        assert (await browser.get("/orders")).status_code == 303
        assert await staged.database.read(audit.verify) is None
