"""Every habit of a panel that touches what is read, with the values it can take: the sandbox's switches."""

from typing import Any, Literal, get_args, get_origin, get_type_hints

from hyperpanel.sandbox.switches import Switches

NUMBERS: dict[str, tuple[Any, ...]] = {
    "page_cap": (1000, 100),
    "ids_cap": (None, 7),
    "clock_skew": (0, 7200),
    "ignored_filters": ((), ("created_from", "created_to", "username"), ("ids", "user"), ("sort",)),
}
NO_HABITS = {"rate_limit", "retry_after", "service_errors", "currency", "time_zone"}
"""Of refusals, which change nothing about what can be read; and mistakes of whoever set the panel up, which `check` must name."""


def values(name: str, kind: Any) -> tuple[Any, ...]:
    if name in NUMBERS:
        return NUMBERS[name]
    if get_origin(kind) is Literal:
        return get_args(kind)
    if kind is bool:
        return (False, True)
    raise TypeError(f"the values of the switch {name} are not told")


HABITS = {name: values(name, kind) for name, kind in get_type_hints(Switches).items() if name not in NO_HABITS}
