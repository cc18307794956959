"""The final report line by line."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COUNTS = (
    "participants",
    "from_quarter",
    "newcomers",
    "children",
    "teenagers",
    "young",
    "adults",
    "seniors",
    "women",
    "volunteers",
    "paperwork_minutes",
)
NEW_COUNTS = [name for name in COUNTS if name not in ("participants", "volunteers")]
TEXTS = ("obstacles", "differently")


def upgrade() -> None:
    with op.batch_alter_table("final_report") as batch_op:
        batch_op.drop_constraint(op.f("ck_final_report_not_negative"), type_="check")
        batch_op.add_column(sa.Column("held_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(), server_default="", nullable=False))
        for name in NEW_COUNTS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name in TEXTS:
            batch_op.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("will_go_on", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("points", sa.JSON(), server_default="{}", nullable=False))
        batch_op.alter_column("written_at", new_column_name="sent_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        for name in ("participants", "volunteers"):
            batch_op.alter_column(name, existing_type=sa.Integer(), nullable=True)
        for name in ("story", "learnt"):
            batch_op.alter_column(name, existing_type=sa.Text(), server_default="")
        batch_op.alter_column("actual_cost_cents", existing_type=sa.Integer(), server_default="0")
        batch_op.create_check_constraint(
            op.f("ck_final_report_not_negative"), " AND ".join(f"({name} IS NULL OR {name} >= 0)" for name in COUNTS)
        )
        batch_op.create_check_constraint(op.f("ck_final_report_cost_not_negative"), "actual_cost_cents >= 0")
        batch_op.create_check_constraint(op.f("ck_final_report_sent_has_people"), "sent_at IS NULL OR participants IS NOT NULL")
    op.create_table(
        "report_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("spent_cents", sa.Integer(), nullable=True),
        sa.Column("set_aside_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(side = 'expense' AND nature IN ('operating', 'capital')) OR (side = 'income' AND nature IN ('own', 'other'))",
            name=op.f("ck_report_line_side_and_nature"),
        ),
        sa.CheckConstraint("spent_cents IS NULL OR spent_cents >= 0", name=op.f("ck_report_line_not_negative")),
        sa.ForeignKeyConstraint(["line_id"], ["budget_line.id"], name=op.f("fk_report_line_line_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["final_report.project_id"], name=op.f("fk_report_line_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_line")),
        sa.UniqueConstraint("line_id", name=op.f("uq_report_line_line_id")),
    )
    op.create_index(op.f("ix_report_line_project_id"), "report_line", ["project_id"])
    op.create_table(
        "closing",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("eligible_cents", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('accepted', 'without', 'cancelled')", name=op.f("ck_closing_kind")),
        sa.CheckConstraint("eligible_cents >= 0", name=op.f("ck_closing_not_negative")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_closing_closed_by")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_closing_project_id")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_closing")),
    )
    op.create_table(
        "sent_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_sent_reminder_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_reminder")),
        sa.UniqueConstraint("project_id", "kind", name=op.f("uq_sent_reminder_project_id_kind")),
    )
    op.create_table(
        "pic_afterwards",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "condition IN ('active-citizenship', 'collective-interest', 'local-need')", name=op.f("ck_pic_afterwards_condition")
        ),
        sa.CheckConstraint("mark BETWEEN 1 AND 4", name=op.f("ck_pic_afterwards_mark")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["pic_project.id"], name=op.f("fk_pic_afterwards_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "condition", name=op.f("pk_pic_afterwards")),
    )
    with op.batch_alter_table("attachment") as batch_op:
        batch_op.add_column(sa.Column("report_line_id", sa.Integer(), nullable=True))
        batch_op.create_index(op.f("ix_attachment_report_line_id"), ["report_line_id"])
        batch_op.create_foreign_key(
            op.f("fk_attachment_report_line_id"), "report_line", ["report_line_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.drop_constraint(op.f("ck_attachment_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_attachment_kind"), KINDS)
        batch_op.create_check_constraint(op.f("ck_attachment_of_report"), "report_line_id IS NULL OR kind = 'receipt'")
    op.create_table(
        "report_picture",
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("shows_people", sa.Boolean(), nullable=False),
        sa.Column("has_consent", sa.Boolean(), nullable=False),
        sa.Column("consent_kept_by", sa.String(), nullable=False),
        sa.CheckConstraint("NOT has_consent OR consent_kept_by <> ''", name=op.f("ck_report_picture_consent_is_kept")),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_report_picture_attachment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["final_report.project_id"], name=op.f("fk_report_picture_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_report_picture")),
    )
    op.create_index(op.f("ix_report_picture_project_id"), "report_picture", ["project_id"])
    _keep_what_was_written()


KINDS = "kind IN ('quote', 'receipt', 'required', 'photo', 'picture', 'agreement', 'other')"
BEFORE = "kind IN ('quote', 'receipt', 'required', 'photo', 'agreement', 'other')"


def _keep_what_was_written() -> None:
    """Reports told one cost: it becomes a line. Projects that ended keep what the ledger said."""
    op.execute(
        "INSERT INTO report_line (project_id, side, nature, label, spent_cents)"
        " SELECT r.project_id, 'expense', CASE p.scheme WHEN 'ftu' THEN 'capital' ELSE 'operating' END, 'Coût du projet', r.actual_cost_cents"
        " FROM final_report r JOIN project p ON p.id = r.project_id"
    )
    op.execute(
        "INSERT INTO closing (project_id, kind, eligible_cents, closed_on)"
        " SELECT p.id, CASE p.state WHEN 'closed' THEN 'accepted' ELSE 'cancelled' END, COALESCE(r.actual_cost_cents, 0), CAST(p.changed_at AS DATE)"
        " FROM project p LEFT JOIN final_report r ON r.project_id = p.id WHERE p.state IN ('closed', 'cancelled')"
    )


def downgrade() -> None:
    op.drop_table("report_picture")
    op.execute("DELETE FROM attachment WHERE kind = 'picture' OR report_line_id IS NOT NULL")
    with op.batch_alter_table("attachment") as batch_op:
        batch_op.drop_constraint(op.f("fk_attachment_report_line_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_attachment_report_line_id"))
        batch_op.drop_constraint(op.f("ck_attachment_of_report"), type_="check")
        batch_op.drop_column("report_line_id")
        batch_op.drop_constraint(op.f("ck_attachment_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_attachment_kind"), BEFORE)
    op.drop_table("pic_afterwards")
    op.drop_table("sent_reminder")
    op.drop_table("closing")
    op.drop_table("report_line")
    op.execute("DELETE FROM final_report WHERE sent_at IS NULL")
    op.execute("UPDATE final_report SET volunteers = 0 WHERE volunteers IS NULL")
    with op.batch_alter_table("final_report") as batch_op:
        for name in ("not_negative", "cost_not_negative", "sent_has_people"):
            batch_op.drop_constraint(op.f(f"ck_final_report_{name}"), type_="check")
        for name in ("held_on", "place", *NEW_COUNTS, *TEXTS, "will_go_on", "points"):
            batch_op.drop_column(name)
        batch_op.alter_column("sent_at", new_column_name="written_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        for name in ("participants", "volunteers"):
            batch_op.alter_column(name, existing_type=sa.Integer(), nullable=False)
        for name in ("story", "learnt"):
            batch_op.alter_column(name, existing_type=sa.Text(), server_default=None)
        batch_op.alter_column("actual_cost_cents", existing_type=sa.Integer(), server_default=None)
        batch_op.create_check_constraint(
            op.f("ck_final_report_not_negative"), "participants >= 0 AND volunteers >= 0 AND actual_cost_cents >= 0"
        )
