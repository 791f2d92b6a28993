"""What each figure of a report means, and what it is counted in: told beside the rows, so that whoever reads them elsewhere need not guess."""

from collections.abc import Mapping
from typing import NamedTuple


class Figure(NamedTuple):
    """`name`: as a row has it, with a dot for one within another."""

    name: str
    unit: str
    definition: str


ORDERS, HOURS_FROM = "orders", "moment"
WORK = (
    Figure(
        "stuck", ORDERS, "Orders that wait longer than a service may take, all that there are, whatever the window."
    ),
    Figure("oldest_stuck", HOURS_FROM, "When the oldest of them was created."),
    Figure("slow", ORDERS, "Of the rated orders, those that took longer than the promised time times the multiplier."),
    Figure("rated", ORDERS, "Finished orders whose quantity, times and promised speed are known: the sample of slow."),
    Figure("finished", ORDERS, "Orders that were seen to end in the window."),
    Figure("unobserved", ORDERS, "Orders that ended in the window, nobody saw when: they are not rated."),
)
SERVICE_HEALTH = (
    Figure(
        "score", "points of 100", "The raw score, bounded to 0 and 100; null where too few orders are there to judge."
    ),
    Figure("raw_score", "points", "The sum of its terms, which may fall below 0."),
    Figure("terms.whole", "points", "What every service begins with: 100."),
    Figure("terms.stuck", "points", "Minus 5 for each stuck order, minus 60 at most."),
    Figure("terms.slow", "points", "Minus the slow orders in hundred rated ones; 0 where none could be rated."),
    *WORK,
    Figure(
        "speed_per_day", "units a day", "The least speed: what a person set, else what the service's name promises."
    ),
)
USERS = (
    Figure("spend", "orders, and money", "The charges of all orders that the customer made in the window."),
    Figure("terms.canceled", "orders, and money", "What of the spend was charged for orders that were canceled."),
    Figure("terms.refunded", "orders, and money", "The same of orders that were refunded."),
    Figure("terms.partial", "orders, and money", "Of partial orders the share of the charge that was not delivered."),
    Figure("net", "money", "The spend without its three terms."),
    Figure("paid", "payments, and money", "Completed payments that the customer made in the window."),
    Figure("hand", "payments, and money", "Completed payments that staff entered by hand: no part of paid."),
    Figure("bonus", "payments, and money", "Completed bonuses: no part of paid."),
    Figure("lifetime", "money", "What the panel itself says that the customer has spent, ever."),
    Figure("services", ORDERS, "The services that the customer ordered most in the window, with how often."),
)
STAFF = (
    Figure("panels", "panels", "On how many panels the person replied in the window."),
    Figure("tickets", "tickets", "In how many tickets."),
    Figure("replies", "replies", "Messages of the person in the window: the sample of all that follows."),
    Figure("length", "characters", "The mean length of a reply, as plain text."),
    Figure("timed", "replies", "First replies to a customer's message, with a time between: the sample of response."),
    Figure("response", "seconds", "The mean time between them; null where there was none."),
    Figure("left", "replies", "Quick fires that were left out because the question asked for that."),
    Figure("quick", "replies", "Quick fires: short replies, or such within seconds of the customer's message."),
    Figure("quick_lifted", "replies", "Quick fires that were disputed and lifted: they do not count."),
    Figure("repeated", "replies", "Replies after which the customer wrote twice or more before staff did again."),
    Figure("repeated_lifted", "replies", "Such as were disputed and lifted: they do not count."),
    Figure("quick_term", "points", "The share of quick fires among the replies, times its weight."),
    Figure("repeated_term", "points", "The share of repeated ones, times its weight."),
    Figure("score", "points of 100", "100 without the two terms, not below 0."),
)
SERVICES_ASKED_ABOUT = (
    Figure(
        "tickets", "tickets", "Tickets opened in the window that name an order of this service and of their customer."
    ),
    Figure("orders", ORDERS, "The orders that they name, each once."),
    Figure("complaint", "words", "What most of them are about, by the last part of their subjects; null for other."),
    Figure("complaint_tickets", "tickets", "How many of them are about that."),
    Figure("samples", "tickets", "The latest of them, each with its orders."),
)
MARGINS = (
    Figure("orders", ORDERS, "Orders created in the window with a charge in this currency."),
    Figure("revenue", "money", "What was charged for them."),
    Figure(
        "returned",
        "money",
        "What was given back of it: all of canceled and refunded orders, of partial ones what was not delivered.",
    ),
    Figure("net", "money", "The revenue without what was returned."),
    Figure("cost", "money", "What providers took for orders whose cost is known in this currency; null where none is."),
    Figure("margin", "money", "What is left of the net of those orders."),
    Figure("margin_percent", "hundredths", "The share of that net which the margin is; null where that is nothing."),
    Figure("orders_of_margin", ORDERS, "The orders whose cost is known: the sample of cost and margin."),
)
PROVIDERS = (
    *WORK,
    Figure("newly_stuck", ORDERS, "Of the stuck orders, those that came to be stuck in the window."),
    Figure("services", "services", "On how many services of the panels these orders are."),
    Figure("panels", "panels", "On how many panels."),
    Figure("at_risk", "money, by currency", "What the stuck orders cost their customers."),
)
FIGURES: Mapping[str, tuple[Figure, ...]] = {
    "service-health": SERVICE_HEALTH,
    "users": USERS,
    "tickets-by-staff": STAFF,
    "tickets-by-service": SERVICES_ASKED_ABOUT,
    "margins": MARGINS,
    "providers": PROVIDERS,
}


def told(report: str) -> list[dict[str, str]]:
    """Plain values, ready for JSON."""
    return [figure._asdict() for figure in FIGURES[report]]
