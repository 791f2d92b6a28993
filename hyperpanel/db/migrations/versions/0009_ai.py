"""What AI keeps: providers, settings, prompts with their versions and scores, answers, the ledger of calls, and reports of complaints."""

import sqlalchemy as sa
from alembic import op

from hyperpanel.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ai_providers()
    ai_settings()
    ai_panels()
    ai_prompts()
    ai_prompt_versions()
    ai_scores()
    ai_answers()
    ai_calls()
    ai_reports()
    ai_report_services()
    op.add_column("staff", sa.Column("translates_to", sa.Text(), nullable=True))


def ai_providers() -> None:
    op.create_table(
        "ai_providers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tail", sa.Text(), nullable=False),
        sa.Column("price_in", sa.BigInteger(), nullable=True),
        sa.Column("price_out", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", types.Moment(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ai_providers")),
    )


def ai_settings() -> None:
    op.create_table(
        "ai_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("main", sa.Text(), nullable=False),
        sa.Column("fallback", sa.Text(), nullable=False),
        sa.Column("day_tokens", sa.BigInteger(), nullable=True),
        sa.Column("panel_tokens", sa.BigInteger(), nullable=True),
        sa.Column("person_tokens", sa.BigInteger(), nullable=True),
        sa.Column("day_cost", sa.BigInteger(), nullable=True),
        sa.Column("panel_cost", sa.BigInteger(), nullable=True),
        sa.Column("person_cost", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", types.Moment(), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_settings")),
    )


def ai_panels() -> None:
    op.create_table(
        "ai_panels",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("hides_personal", sa.Boolean(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_ai_panels_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", name=op.f("pk_ai_panels")),
    )


def ai_prompts() -> None:
    op.create_table(
        "ai_prompts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("updated_at", types.Moment(), nullable=False),
        sa.Column("deleted_at", types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_prompts")),
        sa.UniqueConstraint("purpose", "folded", name=op.f("uq_ai_prompts_purpose_folded")),
    )
    used = sa.text("in_use")
    op.create_index(
        "ix_ai_prompts_in_use", "ai_prompts", ["purpose"], unique=True, sqlite_where=used, postgresql_where=used
    )


def ai_prompt_versions() -> None:
    op.create_table(
        "ai_prompt_versions",
        sa.Column("prompt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["prompt_id"], ["ai_prompts.id"], name=op.f("fk_ai_prompt_versions_prompt_id")),
        sa.PrimaryKeyConstraint("prompt_id", "version", name=op.f("pk_ai_prompt_versions")),
    )


def ai_scores() -> None:
    op.create_table(
        "ai_scores",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("of_cases", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("seen_at", types.Moment(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_scores")),
    )
    op.create_index(op.f("ix_ai_scores_purpose_prompt_at"), "ai_scores", ["purpose", "prompt", "at"], unique=False)


def ai_answers() -> None:
    op.create_table(
        "ai_answers",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("seen_at", types.Moment(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("used_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_ai_answers_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "key", name=op.f("pk_ai_answers")),
    )
    op.create_index(
        op.f("ix_ai_answers_panel_id_digest_purpose"), "ai_answers", ["panel_id", "digest", "purpose"], unique=False
    )
    op.create_index(
        op.f("ix_ai_answers_panel_id_ticket_id_purpose_at"),
        "ai_answers",
        ["panel_id", "ticket_id", "purpose", "at"],
        unique=False,
    )
    op.create_index(op.f("ix_ai_answers_used_at"), "ai_answers", ["used_at"], unique=False)


def ai_calls() -> None:
    op.create_table(
        "ai_calls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Text(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("prompt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prompt_version", sa.Integer(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("reserved_cost", sa.BigInteger(), nullable=True),
        sa.Column("tokens_in", sa.BigInteger(), nullable=True),
        sa.Column("tokens_out", sa.BigInteger(), nullable=True),
        sa.Column("is_estimated", sa.Boolean(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("first_ms", sa.Integer(), nullable=True),
        sa.Column("ms", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_ai_calls_panel_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ai_calls_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_calls")),
    )
    op.create_index(op.f("ix_ai_calls_at_id"), "ai_calls", ["at", "id"], unique=False)
    op.create_index(
        op.f("ix_ai_calls_panel_id_ticket_id_at"), "ai_calls", ["panel_id", "ticket_id", "at"], unique=False
    )
    op.create_index(op.f("ix_ai_calls_staff_id_at"), "ai_calls", ["staff_id", "at"], unique=False)
    under_way = sa.text("state = 'asking'")
    op.create_index(
        "ix_ai_calls_asking", "ai_calls", ["at"], unique=False, sqlite_where=under_way, postgresql_where=under_way
    )


def ai_reports() -> None:
    op.create_table(
        "ai_reports",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("panels", sa.Text(), nullable=False),
        sa.Column("since", types.Moment(), nullable=False),
        sa.Column("until", types.Moment(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("prompt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prompt_version", sa.Integer(), nullable=False),
        sa.Column("prompt_title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=True),
        sa.Column("covered", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("seen_at", types.Moment(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("ended_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ai_reports_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_reports")),
    )
    op.create_index(op.f("ix_ai_reports_at"), "ai_reports", ["at"], unique=False)
    op.create_index(op.f("ix_ai_reports_ended_at"), "ai_reports", ["ended_at"], unique=False)
    op.create_index(op.f("ix_ai_reports_staff_id_at"), "ai_reports", ["staff_id", "at"], unique=False)
    op.create_index(op.f("ix_ai_reports_state_at"), "ai_reports", ["state", "at"], unique=False)


def ai_report_services() -> None:
    op.create_table(
        "ai_report_services",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("complaint", sa.Text(), nullable=False),
        sa.Column("complaint_tickets", sa.Integer(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("themes", sa.Text(), nullable=True),
        sa.Column("found", sa.Integer(), server_default="0", nullable=False),
        sa.Column("invented", sa.Integer(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_ai_report_services_panel_id")),
        sa.ForeignKeyConstraint(["report_id"], ["ai_reports.id"], name=op.f("fk_ai_report_services_report_id")),
        sa.PrimaryKeyConstraint("panel_id", "report_id", "place", name=op.f("pk_ai_report_services")),
    )
    op.create_index(
        op.f("ix_ai_report_services_report_id_place"), "ai_report_services", ["report_id", "place"], unique=False
    )
