"""`AsyncClient`: every call of the admin API, for programs on asyncio. The same as `Client`, but for the awaiting."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Unpack

from hyperpanel.client import figures, filters
from hyperpanel.client.awaiting import AsyncCaller, AsyncRows
from hyperpanel.client.calls import Call, place, query
from hyperpanel.client.console import Feed, LogEntry, NewSnooze, Panel, Service, ServiceDetail, Snooze, Woken
from hyperpanel.client.following import Told
from hyperpanel.client.own_keys import OwnKey
from hyperpanel.client.paging import Listing
from hyperpanel.client.records import Order, OrderDetail, Payment, Ticket, TicketDetail, User
from hyperpanel.client.replies import checked, plain
from hyperpanel.client.resources import deleted, got, posted, snoozed


class AsyncClient(AsyncCaller):
    """A console's admin API, or one Perfect Panel's for the calls that it has. Close it in the end, or use it in an `async with`."""

    # What panels hold

    def orders(self, **asked: Unpack[filters.OrderFilters]) -> AsyncRows[Order]:
        return AsyncRows(self, Listing("/orders", Order, asked))

    async def order(self, number: int | str, panel: str | None = None) -> OrderDetail:
        """`panel`: needed where several of the key's panels have the number. Raises Ambiguous, and NotThere."""
        return await self.ask(got(OrderDetail, "orders", number, panel=panel))

    def payments(self, **asked: Unpack[filters.PaymentFilters]) -> AsyncRows[Payment]:
        return AsyncRows(self, Listing("/payments", Payment, asked))

    async def payment(self, number: int | str, panel: str | None = None) -> Payment:
        """As `order`. A Perfect Panel has no such call."""
        return await self.ask(got(Payment, "payments", number, panel=panel))

    def users(self, **asked: Unpack[filters.UserFilters]) -> AsyncRows[User]:
        return AsyncRows(self, Listing("/users", User, asked))

    def tickets(self, **asked: Unpack[filters.TicketFilters]) -> AsyncRows[Ticket]:
        """The last touched first. All of them are read whole with sort="created-at-desc": one that is touched meanwhile moves past the pages."""
        return AsyncRows(self, Listing("/tickets", Ticket, asked))

    async def ticket(self, number: int | str, panel: str | None = None) -> TicketDetail:
        """With its messages; as `order`."""
        return await self.ask(got(TicketDetail, "tickets", number, panel=panel))

    def services(self, **asked: Unpack[filters.ServiceFilters]) -> AsyncRows[Service]:
        return AsyncRows(self, Listing("/services", Service, asked))

    async def service(self, number: int | str, panel: str | None = None) -> ServiceDetail:
        """As `order`."""
        return await self.ask(got(ServiceDetail, "services", number, panel=panel))

    async def changes(self, since: str = "", limit: int = 1000, **asked: Unpack[filters.ChangeFilters]) -> Told:
        """What came, changed or ended since a cursor; without one, only the cursor of now. Raises Expired, with a new cursor."""
        return await self.ask(got(Told, "changes", since=since or None, limit=limit, **asked))

    async def follow(
        self, since: str = "", every: float = 10.0, **asked: Unpack[filters.ChangeFilters]
    ) -> AsyncIterator[Told]:
        """Changes without end, asked for every so many seconds when there are no more: keep `next_cursor` once what came with it is kept."""
        while True:
            told = await self.changes(since, **asked)
            yield told
            since = told.next_cursor
            if not told.has_more:
                await asyncio.sleep(every)

    # How the console stands

    async def key(self) -> OwnKey:
        """What this key is and may do."""
        return await self.ask(got(OwnKey, "key"))

    def panels(self, **asked: Unpack[filters.Panels]) -> AsyncRows[Panel]:
        return AsyncRows(self, Listing("/panels", Panel, asked))

    async def panel(self, name: str) -> Panel:
        return await self.ask(got(Panel, "panels", name))

    def feeds(self, **asked: Unpack[filters.FeedFilters]) -> AsyncRows[Feed]:
        """Each stream of each panel: how late it is, and what its last run found."""
        return AsyncRows(self, Listing("/sync", Feed, asked))

    async def feed(self, panel: str, stream: str) -> Feed:
        return await self.ask(got(Feed, "sync", panel, stream))

    async def run_now(self, panel: str, stream: str, plan: str | None = None, since: str | None = None) -> Feed:
        """The console's worker reads it next; this does not wait for that. `since`: a date, from which on the past is read once more."""
        return await self.ask(posted(Feed, "sync", panel, stream, body={"plan": plan, "since": since}))

    async def run_panel_now(self, panel: str) -> Panel:
        """All its feeds that are not paused."""
        return await self.ask(posted(Panel, "sync", panel, body={}))

    async def pause(self, panel: str, stream: str, why: str = "") -> Feed:
        return await self.ask(posted(Feed, "sync", panel, stream, "pause", body={"why": why}))

    async def resume(self, panel: str, stream: str) -> Feed:
        return await self.ask(posted(Feed, "sync", panel, stream, "resume", body={}))

    async def pause_panel(self, panel: str, why: str = "") -> Panel:
        return await self.ask(posted(Panel, "sync", panel, "pause", body={"why": why}))

    async def resume_panel(self, panel: str) -> Panel:
        return await self.ask(posted(Panel, "sync", panel, "resume", body={}))

    def snoozes(self, **asked: Unpack[filters.Panels]) -> AsyncRows[Snooze]:
        return AsyncRows(self, Listing("/snoozes", Snooze, asked))

    async def snooze(self, new: NewSnooze) -> Snooze:
        return await self.ask(snoozed(new))

    async def wake(self, panel: str, service: str) -> Woken:
        return await self.ask(deleted(Woken, "snoozes", panel, service))

    def activity(self, **asked: Unpack[filters.ActivityFilters]) -> AsyncRows[LogEntry]:
        """Who did what, the newest first."""
        return AsyncRows(self, Listing("/activity", LogEntry, asked))

    # Reports

    async def service_health(self, **asked: Unpack[filters.ProfiledFilters]) -> figures.ServiceHealth:
        return await self.ask(got(figures.ServiceHealth, "reports", "service-health", **asked))

    async def user_figures(self, **asked: Unpack[filters.UserReportFilters]) -> figures.UserFigures:
        return await self.ask(got(figures.UserFigures, "reports", "users", **asked))

    async def tickets_by_staff(self, **asked: Unpack[filters.StaffReportFilters]) -> figures.TicketsByStaff:
        return await self.ask(got(figures.TicketsByStaff, "reports", "tickets-by-staff", **asked))

    async def tickets_by_service(self, **asked: Unpack[filters.ReportFilters]) -> figures.TicketsByService:
        return await self.ask(got(figures.TicketsByService, "reports", "tickets-by-service", **asked))

    async def margins(self, **asked: Unpack[filters.MarginFilters]) -> figures.Margins:
        return await self.ask(got(figures.Margins, "reports", "margins", **asked))

    async def providers(self, **asked: Unpack[filters.ProviderFilters]) -> figures.Providers:
        return await self.ask(got(figures.Providers, "reports", "providers", **asked))

    async def data(self, *path: object, **params: object) -> Any:
        """The data of any reading call, in plain values: `await client.data("reports", "users", hours=48)`."""
        return plain(checked(await self.exchange(Call(place(*path), query(params)))).body)
