"""The public season: bookings, interest, moves, followers of an event."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _of(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "event_day",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("interested", sa.Integer(), nullable=False),
        sa.Column("takes_bookings", sa.Boolean(), nullable=False),
        sa.Column("booked", sa.Integer(), nullable=False),
        sa.Column("shelter", sa.String(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.CheckConstraint("shelter IN ('', 'rain', 'heat')", name=op.f("ck_event_day_shelter")),
        sa.CheckConstraint("interested >= 0 AND booked >= 0", name=op.f("ck_event_day_not_negative")),
        sa.CheckConstraint("participants IS NULL OR participants >= 0", name=op.f("ck_event_day_participants")),
        _of("event_day", "event_id", "programme_event.id"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_day")),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("people BETWEEN 1 AND 10", name=op.f("ck_booking_people")),
        _of("booking", "event_id", "programme_event.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("event_id", "contact", name=op.f("uq_booking_event_id_contact")),
    )
    op.create_index("ix_booking_event_id_is_held", "booking", ["event_id", "is_held", "id"])
    op.create_table(
        "event_follower",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        _of("event_follower", "event_id", "programme_event.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_follower")),
        sa.UniqueConstraint("event_id", "email", name=op.f("uq_event_follower_event_id_email")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('hurt', 'weather', 'equipment', 'neighbours', 'other')", name=op.f("ck_incident_kind")),
        _of("incident", "event_id", "programme_event.id"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_incident_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_author_id"), "incident", ["author_id"])
    for table in ("booking", "event_follower", "incident"):
        op.create_index(op.f(f"ix_{table}_event_id"), table, ["event_id"])
    op.create_table(
        "summer_report",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("waste_kg", sa.Integer(), nullable=True),
        sa.Column("reused_percent", sa.Integer(), nullable=True),
        sa.CheckConstraint("waste_kg IS NULL OR waste_kg >= 0", name=op.f("ck_summer_report_waste")),
        sa.CheckConstraint("reused_percent IS NULL OR reused_percent BETWEEN 0 AND 100", name=op.f("ck_summer_report_reused")),
        _of("summer_report", "project_id", "nqe_project.id"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_summer_report")),
    )
    op.create_table(
        "summer_quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("consent_kept_by", sa.String(), nullable=False),
        sa.CheckConstraint("consent_kept_by <> ''", name=op.f("ck_summer_quote_consent_is_kept")),
        _of("summer_quote", "project_id", "nqe_project.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summer_quote")),
    )
    op.create_index(op.f("ix_summer_quote_project_id"), "summer_quote", ["project_id"])
    op.create_table(
        "season_review",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        _of("season_review", "edition_id", "edition.id"),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_season_review")),
    )


def downgrade() -> None:
    for table in ("season_review", "summer_quote", "summer_report", "incident", "event_follower", "booking", "event_day"):
        op.drop_table(table)
