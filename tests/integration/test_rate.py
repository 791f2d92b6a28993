"""Never above the rate, by the times of sending; never a 429 from a panel that allows five; never a pull."""

import time

from sync import http
from tests.support.attached import attached


async def test_no_second_holds_more_requests_than_the_rate(database_url, tmp_path, monkeypatch):
    sent: list[float] = []
    fetch = http.fetch

    async def noted(client, request, *rest):
        sent.append(time.monotonic())
        return await fetch(client, request, *rest)

    monkeypatch.setattr(http, "fetch", noted)
    async with attached(database_url, tmp_path, order_count=6000, rate=4.0) as found:
        await found.lever("eu-1/switches", {"page_cap": 250})
        await found.sync()
        counts = await found.lever("eu-1/counts")
    assert len(sent) >= 24
    assert min(later - earlier for earlier, later in zip(sent, sent[4:], strict=False)) >= 1.0
    assert (counts["429"], counts["pulls"]) == (0, 0)
