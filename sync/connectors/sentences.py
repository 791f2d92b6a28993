"""The words of a look at a panel: what it can be about, and what it finds beside the troubles of sync.verdicts.

A finding carries a code and what fills its sentence, as a Trouble does, so that a screen can say it in the reader's language.
"""

ABOUT = {
    "address": "address",
    "tls": "certificate",
    "key": "key",
    "rights": "rights",
    "challenge": "bot check",
    "clock": "clock",
    "currency": "currency",
    "staff": "staff names",
    "second_key": "second key",
    "speed": "speed",
}

SENTENCES = {
    "answers": "{panel} answers at {host}.",
    "no_answer": "{panel} gave no answer within {seconds} s. Check that it is up, then test again.",
    "broken_off": "{panel} broke off in the middle of an answer. Test again, and tell its owner where that goes on.",
    "own_fault": "{panel} has a fault of its own (HTTP {status}). Test again later, and tell its owner where that goes on.",
    "too_fast": "{panel} says the calls come too fast. Lower its calls a second, or find out who else calls it with this key.",
    "too_soon": "{panel} asked for a pause. Test again in {seconds} s.",
    "refuses": "{panel} refuses what was asked: {detail}. Ask its owner what the key is for, then test again.",
    "api_path": "The address of {panel} goes on with {path}, which belongs to an API. Set it to {url} instead.",
    "tls_ok": "The certificate of {panel} is valid.",
    "key_ok": "{panel} accepts the key.",
    "rights_ok": "The key of {panel} may read {streams}.",
    "rights": "The key of {panel} may not read {streams} ({detail}). Give it that right there, then test again.",
    "no_list": "{panel} knows no page for {streams}. Give the key the right to read them there, or ask for a newer version of that panel.",
    "clock_ok": "The clock of {panel} and that of this machine agree.",
    "clock_ahead": "The clock of {panel} is {minutes} min ahead of this machine’s. Set the wrong one right, best by NTP.",
    "clock_behind": "The clock of {panel} is {minutes} min behind this machine’s. Set the wrong one right, best by NTP.",
    "future": "The newest {streams} of {panel} lie {minutes} min in the future by this machine’s clock. Set the wrong clock right.",
    "zone": "{panel} writes its times at UTC{seen}, but its time zone is set to {zone}, which is UTC{ours} then. Set one that is at UTC{seen}.",
    "zone_ahead": (
        "Read in the time zone {zone}, the newest {streams} of {panel} lie {minutes} min in the future. Set the panel’s own time zone."
    ),
    "currency_ok": "{panel} names its amounts in {currency}, as it is set.",
    "currency": "{panel} names amounts of {streams} in {found}, but its currency is set to {currency}. Set it to {found}.",
    "staff_ok": "In the tickets of {panel} that were looked at, all who write as staff have a username here: {names}.",
    "staff_strange": "In recent tickets of {panel} staff write as {names}, and nobody here is called so. Spell usernames as that panel does.",
    "staff_unseen": (
        "In the tickets of {panel} that were looked at, no staff write as {names}. Whoever answers there must be called the same here."
    ),
    "services_ok": "{panel} accepts the services key. Services in its catalogue: {services}.",
    "services_auth": "{panel} refuses the second key, the one for services. Sign in there as a customer and copy the key from its API page.",
    "console_one": "The address of {panel} is a whole console. Its panels: {names}. Write the address of one of them: {url}/p/ and its name.",
    "console_currency": "On its console {panel} is set to {found}, but its currency here is {currency}. Set it to {found}.",
    "console_zone": "On its console {panel} is set to the time zone {found}, but here to {zone}. Set it to {found}.",
    "console_providers": (
        "The key of {panel} lacks the scope {scope}: its orders come without their provider, what it charges, and their number there."
    ),
    "console_services": "The key of {panel} lacks the scope {scope}, so its catalogue of services cannot be read.",
    "console_no_services": "The console reads no catalogue of {panel} itself, so there are no services to read here.",
    "console_lag": "The console has read {streams} of {panel} {minutes} min ago, so what is read here is at least as old.",
    "console_unread": "The console has not read {streams} of {panel} yet; they are read here when it has.",
    "console_ok": "The console has read everything of {panel} within the last {minutes} min.",
    "console_chain": (
        "On its console {panel} is itself read from another console. See that it does not come from this one: each would only read the other."
    ),
    "speed_ok": "{panel} usually answers within {seconds} s.",
    "slow": "{panel} usually takes {seconds} s or more to answer. Lower the records per fetch, and tell its owner.",
    "slow_page": "{panel} takes {seconds} s for {records} orders at once. Lower the records per fetch.",
    "page_timeout": "{panel} gave no answer within {seconds} s to a request for {records} orders at once. Lower the records per fetch.",
}
