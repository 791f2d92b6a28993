"""What lists and reports may be asked by, as the API names it. Several values are a sequence, or a text with commas; moments are datetimes with
their zone. What is left out, or None, does not narrow anything down; what the server does not know, it refuses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict

Some = str | int | Sequence[str | int] | None
Moment = datetime | int | str | None


class Panels(TypedDict, total=False):
    """`panel`: names; `group`: the panels of one."""

    panel: Some
    group: str | None


class Everywhere(Panels, total=False):
    sort: str | None


class Dated(Everywhere, total=False):
    """`created_to` is the last second that still belongs to it."""

    ids: Some
    created_from: Moment
    created_to: Moment


class OrderFilters(Dated, total=False):
    order_status: Some
    service_ids: Some
    user: str | None
    provider: str | None
    mode: str | None
    creation_type: str | None
    link: str | None


class PaymentFilters(Dated, total=False):
    username: str | None
    user_email: str | None
    payment_status: Some


class UserFilters(Dated, total=False):
    username: str | None
    email: str | None


class TicketFilters(Dated, total=False):
    user: str | None
    status: Some
    updated_from: Moment
    updated_to: Moment


class ServiceFilters(Everywhere, total=False):
    """`name` and `category`: a part of it; the last three are "yes" or "no"."""

    ids: Some
    name: str | None
    category: str | None
    type: Some
    refill: Literal["yes", "no"] | None
    cancel: Literal["yes", "no"] | None
    described: Literal["yes", "no"] | None


class FeedFilters(Panels, total=False):
    stream: str | None


class ChangeFilters(Panels, total=False):
    """`streams`: orders, users, payments, tickets, messages, services; all that the key may read unless told."""

    streams: Some


class ActivityFilters(Panels, total=False):
    """`by`: who acted; `q`: a part of the target or the details; `address`: what it begins with."""

    by: str | None
    action: Some
    q: str | None
    address: str | None
    created_from: Moment
    created_to: Moment


class ReportFilters(Panels, total=False):
    """`at`: the end of the window; else it ends now."""

    hours: float | None
    at: Moment


class ProviderFilters(Panels, total=False):
    """Always as of now."""

    hours: float | None


class ProfiledFilters(ReportFilters, total=False):
    profile: str | None


class UserReportFilters(ProfiledFilters, total=False):
    currency: str | None
    rows: int | None


class StaffReportFilters(ReportFilters, total=False):
    leave: Some


class MarginFilters(ReportFilters, total=False):
    by: Literal["panel", "service", "user", "provider", "day"] | None
    zone: str | None
