"""`Client`: every call of the admin API, for programs that wait."""

import time
from collections.abc import Iterator
from typing import Any, Unpack

from hyperpanel.client import figures, filters
from hyperpanel.client.calls import Call, place, query
from hyperpanel.client.console import Feed, LogEntry, NewSnooze, Panel, Service, ServiceDetail, Snooze, Woken
from hyperpanel.client.following import Told
from hyperpanel.client.own_keys import OwnKey
from hyperpanel.client.paging import Listing
from hyperpanel.client.records import Order, OrderDetail, Payment, Ticket, TicketDetail, User
from hyperpanel.client.replies import checked, plain
from hyperpanel.client.resources import deleted, got, posted, snoozed
from hyperpanel.client.waiting import Caller, Rows


class Client(Caller):
    """A console's admin API, or one Perfect Panel's for the calls that it has. Close it in the end, or use it in a `with`."""

    # What panels hold

    def orders(self, **asked: Unpack[filters.OrderFilters]) -> Rows[Order]:
        return Rows(self, Listing("/orders", Order, asked))

    def order(self, number: int | str, panel: str | None = None) -> OrderDetail:
        """`panel`: needed where several of the key's panels have the number. Raises Ambiguous, and NotThere."""
        return self.ask(got(OrderDetail, "orders", number, panel=panel))

    def payments(self, **asked: Unpack[filters.PaymentFilters]) -> Rows[Payment]:
        return Rows(self, Listing("/payments", Payment, asked))

    def payment(self, number: int | str, panel: str | None = None) -> Payment:
        """As `order`. A Perfect Panel has no such call."""
        return self.ask(got(Payment, "payments", number, panel=panel))

    def users(self, **asked: Unpack[filters.UserFilters]) -> Rows[User]:
        return Rows(self, Listing("/users", User, asked))

    def tickets(self, **asked: Unpack[filters.TicketFilters]) -> Rows[Ticket]:
        """The last touched first. All of them are read whole with sort="created-at-desc": one that is touched meanwhile moves past the pages."""
        return Rows(self, Listing("/tickets", Ticket, asked))

    def ticket(self, number: int | str, panel: str | None = None) -> TicketDetail:
        """With its messages; as `order`."""
        return self.ask(got(TicketDetail, "tickets", number, panel=panel))

    def services(self, **asked: Unpack[filters.ServiceFilters]) -> Rows[Service]:
        return Rows(self, Listing("/services", Service, asked))

    def service(self, number: int | str, panel: str | None = None) -> ServiceDetail:
        """As `order`."""
        return self.ask(got(ServiceDetail, "services", number, panel=panel))

    def changes(self, since: str = "", limit: int = 1000, **asked: Unpack[filters.ChangeFilters]) -> Told:
        """What came, changed or ended since a cursor; without one, only the cursor of now. Raises Expired, with a new cursor."""
        return self.ask(got(Told, "changes", since=since or None, limit=limit, **asked))

    def follow(self, since: str = "", every: float = 10.0, **asked: Unpack[filters.ChangeFilters]) -> Iterator[Told]:
        """Changes without end, asked for every so many seconds when there are no more: keep `next_cursor` once what came with it is kept."""
        while True:
            told = self.changes(since, **asked)
            yield told
            since = told.next_cursor
            if not told.has_more:
                time.sleep(every)

    # How the console stands

    def key(self) -> OwnKey:
        """What this key is and may do."""
        return self.ask(got(OwnKey, "key"))

    def panels(self, **asked: Unpack[filters.Panels]) -> Rows[Panel]:
        return Rows(self, Listing("/panels", Panel, asked))

    def panel(self, name: str) -> Panel:
        return self.ask(got(Panel, "panels", name))

    def feeds(self, **asked: Unpack[filters.FeedFilters]) -> Rows[Feed]:
        """Each stream of each panel: how late it is, and what its last run found."""
        return Rows(self, Listing("/sync", Feed, asked))

    def feed(self, panel: str, stream: str) -> Feed:
        return self.ask(got(Feed, "sync", panel, stream))

    def run_now(self, panel: str, stream: str, plan: str | None = None, since: str | None = None) -> Feed:
        """The console's worker reads it next; this does not wait for that. `since`: a date, from which on the past is read once more."""
        return self.ask(posted(Feed, "sync", panel, stream, body={"plan": plan, "since": since}))

    def run_panel_now(self, panel: str) -> Panel:
        """All its feeds that are not paused."""
        return self.ask(posted(Panel, "sync", panel, body={}))

    def pause(self, panel: str, stream: str, why: str = "") -> Feed:
        return self.ask(posted(Feed, "sync", panel, stream, "pause", body={"why": why}))

    def resume(self, panel: str, stream: str) -> Feed:
        return self.ask(posted(Feed, "sync", panel, stream, "resume", body={}))

    def pause_panel(self, panel: str, why: str = "") -> Panel:
        return self.ask(posted(Panel, "sync", panel, "pause", body={"why": why}))

    def resume_panel(self, panel: str) -> Panel:
        return self.ask(posted(Panel, "sync", panel, "resume", body={}))

    def snoozes(self, **asked: Unpack[filters.Panels]) -> Rows[Snooze]:
        return Rows(self, Listing("/snoozes", Snooze, asked))

    def snooze(self, new: NewSnooze) -> Snooze:
        return self.ask(snoozed(new))

    def wake(self, panel: str, service: str) -> Woken:
        return self.ask(deleted(Woken, "snoozes", panel, service))

    def activity(self, **asked: Unpack[filters.ActivityFilters]) -> Rows[LogEntry]:
        """Who did what, the newest first."""
        return Rows(self, Listing("/activity", LogEntry, asked))

    # Reports

    def service_health(self, **asked: Unpack[filters.ProfiledFilters]) -> figures.ServiceHealth:
        return self.ask(got(figures.ServiceHealth, "reports", "service-health", **asked))

    def user_figures(self, **asked: Unpack[filters.UserReportFilters]) -> figures.UserFigures:
        return self.ask(got(figures.UserFigures, "reports", "users", **asked))

    def tickets_by_staff(self, **asked: Unpack[filters.StaffReportFilters]) -> figures.TicketsByStaff:
        return self.ask(got(figures.TicketsByStaff, "reports", "tickets-by-staff", **asked))

    def tickets_by_service(self, **asked: Unpack[filters.ReportFilters]) -> figures.TicketsByService:
        return self.ask(got(figures.TicketsByService, "reports", "tickets-by-service", **asked))

    def margins(self, **asked: Unpack[filters.MarginFilters]) -> figures.Margins:
        return self.ask(got(figures.Margins, "reports", "margins", **asked))

    def providers(self, **asked: Unpack[filters.ProviderFilters]) -> figures.Providers:
        return self.ask(got(figures.Providers, "reports", "providers", **asked))

    def data(self, *path: object, **params: object) -> Any:
        """The data of any reading call, in plain values: `client.data("reports", "users", hours=48)`."""
        return plain(checked(self.exchange(Call(place(*path), query(params)))).body)
