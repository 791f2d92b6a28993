"""Tickets on the wire, as section 1.5 of the protocol notes writes them. Messages have no number of their own."""

from hyperpanel.sandbox import words
from hyperpanel.sandbox.forms import Forms, text
from hyperpanel.sandbox.threads import CUSTOMER, Event
from hyperpanel.sandbox.tickets import Ticket, Tickets


class TicketRows:
    def __init__(self, tickets: Tickets, forms: Forms) -> None:
        self.tickets, self.forms = tickets, forms

    def row(self, place: int) -> bytes:
        return self._row(self.tickets[place]).encode()

    def detail(self, place: int) -> bytes:
        ticket = self.tickets[place]
        said = self.tickets.said(place)
        if self.forms.switches.messages_order == "newest":
            said = said[::-1]
        messages = ",".join(self._message(ticket, event) for event in said)
        return f'{self._row(ticket)[:-1]},"messages":[{messages}]}}'.encode()

    def _row(self, t: Ticket) -> str:
        forms = self.forms
        return (
            f'{{"id":{forms.number(t.id)},"user":{self._user(t)},"subject":{text(t.subject)},'
            f'"status":"{words.ticket_status(t, forms.switches)}"{self._assignee(t)},'
            f'"is_read":{"true" if t.is_read else "false"},{forms.moment("created", t.created, forms.stamped)},'
            f"{forms.moment('last_update', t.updated, forms.stamped)}}}"
        )

    def _user(self, t: Ticket) -> str:
        users = self.tickets.desk.users
        name = text(users.names[t.who])
        if self.forms.switches.ticket_user == "string":
            return name
        return f'{{"id":{self.forms.number(users.number(t.who))},"username":{name}}}'

    def _assignee(self, t: Ticket) -> str:
        if t.assignee is None:
            return {"null": ',"assignee":null', "empty": ',"assignee":""', "missing": ""}[
                self.forms.switches.unassigned
            ]
        return f',"assignee":{text(t.assignee)}'

    def _message(self, ticket: Ticket, event: Event) -> str:
        forms = self.forms
        name = words.sender(self.tickets, ticket, event, forms.switches)
        unread = event.seen > self.tickets.now
        return (
            f'{{"message":{text(event.body)},"sender_name":{text(name)},'
            f'"is_staff":{"false" if event.staff == CUSTOMER else "true"},"is_unread":{"true" if unread else "false"},'
            f"{forms.moment('created', event.at, forms.stamped)}{self._files(event)}}}"
        )

    def _files(self, event: Event) -> str:
        if not event.files:
            return {"empty": ',"files":[]', "null": ',"files":null', "missing": ""}[self.forms.switches.no_files]
        files = [{"name": file.name, "size": file.size, "url": file.url} for file in event.files]
        return f',"files":{text(files)}'
