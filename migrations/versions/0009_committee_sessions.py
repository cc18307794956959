"""Convening, notes and minutes of sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "extraordinary_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (refusal = '' AND session_id IS NULL)", name=op.f("ck_extraordinary_request_answered")
        ),
        sa.CheckConstraint("refusal = '' OR session_id IS NULL", name=op.f("ck_extraordinary_request_yes_or_no")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_extraordinary_request_fund_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_extraordinary_request_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_extraordinary_request_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extraordinary_request")),
    )
    with op.batch_alter_table("extraordinary_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extraordinary_request_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extraordinary_request_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            "uq_extraordinary_request_open",
            ["fund_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
    op.create_table(
        "minutes",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("public", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_minutes_session_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_minutes")),
    )
    op.create_table(
        "signature",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("office IN ('president', 'secretary')", name=op.f("ck_signature_office")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_signature_session_id")),
        sa.PrimaryKeyConstraint("session_id", "office", "content_hash", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_person_id"), ["person_id"], unique=False)
    op.create_table(
        "convocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proxy_seat_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(answer = 'proxy') = (proxy_seat_id IS NOT NULL)", name=op.f("ck_convocation_proxy_has_holder")),
        sa.CheckConstraint("answer IN ('', 'present', 'absent', 'proxy')", name=op.f("ck_convocation_answer")),
        sa.CheckConstraint("(seat_id IS NULL) <> (project_id IS NULL)", name=op.f("ck_convocation_member_or_team")),
        sa.CheckConstraint("proxy_seat_id <> seat_id", name=op.f("ck_convocation_another")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_convocation_project_id")),
        sa.ForeignKeyConstraint(["proxy_seat_id"], ["seat.id"], name=op.f("fk_convocation_proxy_seat_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_convocation_seat_id")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_convocation_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_convocation")),
        sa.UniqueConstraint("session_id", "project_id", name=op.f("uq_convocation_session_id_project_id")),
        sa.UniqueConstraint("session_id", "seat_id", name=op.f("uq_convocation_session_id_seat_id")),
    )
    with op.batch_alter_table("convocation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_convocation_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_convocation_proxy_seat_id"), ["proxy_seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_convocation_seat_id"), ["seat_id"], unique=False)
    op.create_table(
        "member_note",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_note_person_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_member_note_project_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "project_id", name=op.f("pk_member_note")),
    )
    with op.batch_alter_table("member_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_note_project_id"), ["project_id"], unique=False)
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_remark_author_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_remark_project_id")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_remark_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_remark_session_id"), ["session_id"], unique=False)
    with op.batch_alter_table("committee_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minutes_each", sa.Integer(), server_default=sa.text("15"), nullable=False))
        batch_op.add_column(sa.Column("changes", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancel_reason", sa.String(), server_default="", nullable=False))
        batch_op.create_check_constraint(op.f("ck_committee_session_minutes_each"), "minutes_each BETWEEN 1 AND 240")
        batch_op.create_check_constraint(
            op.f("ck_committee_session_cancelled_has_reason"), "(cancelled_at IS NULL) = (cancel_reason = '')"
        )
        batch_op.create_check_constraint(
            op.f("ck_committee_session_cancelled_is_closed"), "cancelled_at IS NULL OR closed_at IS NOT NULL"
        )
    with op.batch_alter_table("outbox_letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("enclosure", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("committee_session", schema=None) as batch_op:
        for name in ("cancelled_is_closed", "cancelled_has_reason", "minutes_each"):
            batch_op.drop_constraint(op.f(f"ck_committee_session_{name}"), type_="check")
        batch_op.drop_column("cancel_reason")
        batch_op.drop_column("cancelled_at")
        batch_op.drop_column("changes")
        batch_op.drop_column("minutes_each")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remark_session_id"))
        batch_op.drop_index(batch_op.f("ix_remark_author_id"))
    op.drop_table("remark")
    with op.batch_alter_table("member_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_note_project_id"))
    op.drop_table("member_note")
    with op.batch_alter_table("convocation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_convocation_seat_id"))
        batch_op.drop_index(batch_op.f("ix_convocation_proxy_seat_id"))
        batch_op.drop_index(batch_op.f("ix_convocation_project_id"))
    op.drop_table("convocation")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signature_person_id"))
    op.drop_table("signature")
    op.drop_table("minutes")
    with op.batch_alter_table("extraordinary_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_extraordinary_request_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_extraordinary_request_session_id"))
        batch_op.drop_index(batch_op.f("ix_extraordinary_request_person_id"))
    op.drop_table("extraordinary_request")
    with op.batch_alter_table("outbox_letter", schema=None) as batch_op:
        batch_op.drop_column("enclosure")
