"""The tables of AI: providers and how they may be used, prompts with their versions, what was answered, and the ledger of every call.

What a model answered about a panel's tickets belongs to that panel, and leads with its id; so does each call that was made for it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hyperpanel.db.table_parts import metadata, panel_key
from hyperpanel.db.tool_tables import NUMBER, whose
from hyperpanel.db.types import Moment

ai_providers = Table(
    "ai_providers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("model", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("tail", Text, nullable=False),
    Column("price_in", BigInteger),
    Column("price_out", BigInteger),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", Text, nullable=False),
)
"""`name`: openai, anthropic or compatible (any server that speaks OpenAI's protocol). `address`: empty for the vendor's own. `sealed`: the key;
`tail`: its last four characters. Prices are of a million tokens, in US dollars scaled to 8 decimals."""

ai_settings = Table(
    "ai_settings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("main", Text, nullable=False),
    Column("fallback", Text, nullable=False),
    Column("day_tokens", BigInteger),
    Column("panel_tokens", BigInteger),
    Column("person_tokens", BigInteger),
    Column("day_cost", BigInteger),
    Column("panel_cost", BigInteger),
    Column("person_cost", BigInteger),
    Column("updated_at", Moment, nullable=False),
    Column("updated_by", Text, nullable=False),
)
"""One row, with id 1. `main` and `fallback`: names of providers, empty for none. Budgets are of a day; None is no limit. Costs are US dollars
scaled to 8 decimals."""

ai_panels = Table(
    "ai_panels",
    metadata,
    panel_key(),
    Column("is_on", Boolean, nullable=False),
    Column("hides_personal", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    PrimaryKeyConstraint("panel_id"),
)
"""Whether a panel's tickets may be sent to a provider (a panel without a row: no), and whether e-mails, phones and names are hidden first."""

ai_prompts = Table(
    "ai_prompts",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("in_use", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    UniqueConstraint("purpose", "folded"),
    Index("ix_ai_prompts_in_use", "purpose", unique=True, sqlite_where=text("in_use"), postgresql_where=text("in_use")),
)
"""`purpose`: translate, intent, analyze or themes. Of each purpose at most one is in use; where none is, the built-in one is."""

ai_prompt_versions = Table(
    "ai_prompt_versions",
    metadata,
    Column("prompt_id", NUMBER, ForeignKey("ai_prompts.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("prompt_id", "version"),
)
"""Kept for good. `provider` and `model`: empty for the main one's. `system`: the system prompt; `body`: what is sent with it, with placeholders;
both empty for the built-in text."""

ai_scores = Table(
    "ai_scores",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("cases", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("of_cases", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("result", Text),
    Column("problem", Text),
    Column("holder", Text),
    Column("seen_at", Moment),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "purpose", "prompt", "at"),
)
"""Runs of the evaluation set. `prompt`: the digest of the prompt's texts; `cases`: the digest of the cases that were run; `result`: JSON."""

ai_answers = Table(
    "ai_answers",
    metadata,
    panel_key(),
    Column("key", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("ticket_id", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("holder", Text),
    Column("seen_at", Moment),
    Column("answer", Text),
    Column("problem", Text),
    Column("provider", Text),
    Column("model", Text),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
    PrimaryKeyConstraint("panel_id", "key"),
    Index(None, "panel_id", "digest", "purpose"),
    Index(None, "panel_id", "ticket_id", "purpose", "at"),
    Index(None, "used_at"),
)
"""What was answered, once for the same text, language and prompt on a panel. `key`: made of purpose, text, language and prompt; `digest`: of the
text alone; `state`: asking, done or failed; `answer`: JSON of the purpose's form; `ticket_id`: of the ticket it was first asked in."""

ai_calls = Table(
    "ai_calls",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("panel_id", Integer, ForeignKey("panels.id")),
    Column("ticket_id", Text),
    Column("staff_id", Integer, ForeignKey("staff.id")),
    Column("by", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("prompt_id", NUMBER),
    Column("prompt_version", Integer),
    Column("provider", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("problem", Text),
    Column("reserved", BigInteger, nullable=False),
    Column("reserved_cost", BigInteger),
    Column("tokens_in", BigInteger),
    Column("tokens_out", BigInteger),
    Column("is_estimated", Boolean, nullable=False),
    Column("cost", BigInteger),
    Column("first_ms", Integer),
    Column("ms", Integer),
    Column("request_id", Text),
    Index(None, "at", "id"),
    Index(None, "panel_id", "ticket_id", "at"),
    Index(None, "staff_id", "at"),
    Index("ix_ai_calls_asking", "at", sqlite_where=text("state = 'asking'"), postgresql_where=text("state = 'asking'")),
)
"""Every attempt that left for a provider, one row each, written before it leaves. `state`: asking, done or failed; `reserved`: tokens held of
the budgets while it is under way. Token counts are the provider's own, or estimated where it told none."""

ai_reports = Table(
    "ai_reports",
    metadata,
    Column("id", Text, primary_key=True),
    whose(),
    Column("by", Text, nullable=False),
    Column("panels", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("least", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("prompt_id", NUMBER),
    Column("prompt_version", Integer, nullable=False),
    Column("prompt_title", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tickets", Integer),
    Column("covered", Integer),
    Column("problem", Text),
    Column("holder", Text),
    Column("seen_at", Moment),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment),
    Index(None, "at"),
    Index(None, "ended_at"),
    Index(None, "staff_id", "at"),
    Index(None, "state", "at"),
)
"""Reports of what the tickets of a window complain about. `panels`: JSON, the ids of panels, of which a reader must be allowed every one;
`least`: services with fewer tickets are left out; `tickets`: how many were opened in the window, and `covered`: how many of them are about the
others, both None until that was looked up."""

ai_report_services = Table(
    "ai_report_services",
    metadata,
    panel_key(),
    Column("report_id", Text, ForeignKey("ai_reports.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("service_id", Text),
    Column("name", Text, nullable=False),
    Column("tickets", Integer, nullable=False),
    Column("complaint", Text, nullable=False),
    Column("complaint_tickets", Integer, nullable=False),
    Column("given", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("themes", Text),
    Column("found", Integer, nullable=False, server_default="0"),
    Column("invented", Integer, nullable=False, server_default="0"),
    Column("problem", Text),
    Column("provider", Text),
    Column("model", Text),
    Column("at", Moment),
    PrimaryKeyConstraint("panel_id", "report_id", "place"),
    Index(None, "report_id", "place"),
)
"""A service of such a report. `service_id` None: tickets in which no order was found; `given`: JSON, the ids of the tickets that the model was
given; `themes`: JSON, and `found`: how many; `invented`: ticket numbers in the answer that were not given; `state`: waiting, done or failed."""

OWNED_AI = frozenset({ai_panels, ai_answers, ai_report_services})
