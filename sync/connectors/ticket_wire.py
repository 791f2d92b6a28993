"""A ticket as `GET /tickets` writes it, and a message as the ticket's own address does: messages have no id, and hostile HTML in them."""

from zoneinfo import ZoneInfo

import msgspec

from sync.connectors import wire
from sync.connectors.wire import Flag, Id, Number, WirePerson
from sync.records import Message, Ticket
from sync.verdicts import UnreadableRecord

LARGEST_MESSAGE = 2**20


class WireTicket(msgspec.Struct, gc=False, kw_only=True):
    """Fields without a default must be there."""

    id: Id
    user: str | WirePerson | None
    subject: str | None
    status: str
    assignee: str | WirePerson | None = None
    is_read: Flag = None
    created: str | None = None
    created_timestamp: Number = None
    last_update: str | None = None
    last_update_timestamp: Number = None


class WireMessage(msgspec.Struct, gc=False, kw_only=True):
    """`message` may be null where there are only files."""

    message: str | None
    is_staff: Flag
    sender_name: str | None = None
    is_unread: Flag = None
    created: str | None = None
    created_timestamp: Number = None
    files: list["WireFile | str"] | None = None


class WireFile(msgspec.Struct, gc=False):
    name: str | None = None
    size: Number = None
    url: str | None = None


TICKET = msgspec.json.Decoder(WireTicket)
MESSAGE = msgspec.json.Decoder(WireMessage)


def ticket(raw: msgspec.Raw, zone: ZoneInfo) -> Ticket:
    """Raises UnreadableRecord."""
    try:
        row = wire.read(TICKET, raw)
        return Ticket(
            id=wire.key(row.id),
            user=wire.person(row.user),
            user_id=wire.person_id(row.user),
            subject=row.subject,
            status=wire.state(row.status),
            status_raw=row.status,
            assignee=member(row.assignee),
            is_read=wire.flag(row.is_read, "is_read"),
            created_at=wire.moment(row.created_timestamp, row.created, zone),
            last_update_at=wire.moment(row.last_update_timestamp, row.last_update, zone),
        )
    except wire.UNREADABLE as problem:
        raise UnreadableRecord(str(problem)) from None


def message(raw: msgspec.Raw, zone: ZoneInfo) -> Message:
    """Raises UnreadableRecord. The body is kept letter by letter: what is shown of it is decided where it is shown."""
    try:
        row = wire.read(MESSAGE, raw, LARGEST_MESSAGE)
        is_staff = wire.flag(row.is_staff, "is_staff")
        if is_staff is None:
            raise UnreadableRecord("is_staff is empty")
        return Message(
            sender=wire.short(row.sender_name, "sender_name") or None,
            is_staff=is_staff,
            is_unread=wire.flag(row.is_unread, "is_unread"),
            body=row.message or "",
            files=canonical([attached(one) for one in row.files or ()]),
            created_at=wire.moment(row.created_timestamp, row.created, zone),
        )
    except wire.UNREADABLE as problem:
        raise UnreadableRecord(str(problem)) from None


def member(told: str | WirePerson | None) -> str | None:
    """One of the staff, by the name that is shown."""
    name = (told.name or told.username or told.login) if isinstance(told, WirePerson) else told
    return wire.short(name, "assignee") or None


def attached(told: WireFile | str) -> WireFile:
    """A size is a number where it is written as one; `1.2 MB` stays a text."""
    if isinstance(told, str):
        return WireFile(url=told)
    size = told.size
    if isinstance(size, int | float) or (size and size.isdecimal()):
        size = wire.whole(size, "size")
    return WireFile(told.name, size, told.url)


def canonical(files: list[WireFile]) -> str | None:
    """One writing of the same files; None where there are none."""
    return msgspec.json.encode(files).decode() if files else None
