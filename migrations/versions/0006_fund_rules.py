"""Funders of a call, territories, sub-funds and drafts of rules."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund_commune",
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("commune_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name=op.f("fk_fund_commune_commune_code")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_fund_commune_fund_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("fund_id", "commune_code", name=op.f("pk_fund_commune")),
    )
    op.create_table(
        "ruleset_draft",
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_ruleset_draft_fund_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_ruleset_draft_saved_by")),
        sa.PrimaryKeyConstraint("fund_id", name=op.f("pk_ruleset_draft")),
    )
    op.create_table(
        "call_funder",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_call_funder_percent")),
        sa.CheckConstraint("position > 0", name=op.f("ck_call_funder_position")),
        sa.ForeignKeyConstraint(["call_id"], ["funding_call.id"], name=op.f("fk_call_funder_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", "position", name=op.f("pk_call_funder")),
        sa.UniqueConstraint("call_id", "name", name=op.f("uq_call_funder_call_id_name")),
    )
    with op.batch_alter_table("fund") as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_fund_parent_id"), "fund", ["parent_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_fund_not_its_own_parent"), "parent_id <> id")
        batch_op.create_index(batch_op.f("ix_fund_parent_id"), ["parent_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("fund") as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_parent_id"))
        batch_op.drop_constraint(batch_op.f("ck_fund_not_its_own_parent"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_fund_parent_id"), type_="foreignkey")
        batch_op.drop_column("parent_id")
    op.drop_table("call_funder")
    op.drop_table("ruleset_draft")
    op.drop_table("fund_commune")
