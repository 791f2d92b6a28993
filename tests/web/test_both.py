"""The console from sign-in to sign-out on each database system: the other tests of this folder use SQLite alone."""

from sqlalchemy import insert, select

from hyperpanel.db import audit
from hyperpanel.db.schema import news, pauses
from tests.support.staged import NOON, order, stage
from tests.support.streams import listening

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


async def test_an_open_page_is_told_what_changed(database_url):
    async with stage(database_url) as staged:
        ana = await staged.signed_in("ana")
        async with listening(staged, ana) as page:
            row = {"panel_id": 1, "stream": "orders", "at": NOON, "arrived": 1, "ids": '["1"]'}
            async with staged.database.write() as connection:
                await connection.execute(insert(news).values(**row))
            for expected in ([["1"]], []):
                await staged.console.hub.beat()
                assert [data["ids"] for name, data, _ in await page.told() if name == "news"] == expected
        async with listening(staged, ana, "streams=orders&since=0") as page:
            assert [data["arrived"] for _, data, _ in await page.told()] == [1]
