"""Rules adopted for a count, counts compared, the result published."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RULES = "'greedy:cost', 'greedy_stop:cost', 'greedy:card', 'mes_greedy:cost', 'mes_add1_greedy:cost'"
TIES = "'cheaper,lodged', 'lodged', 'cheaper,draw', 'draw'"
DRAWN = "ties NOT IN ('draw', 'cheaper,draw')"
STOPS = {True: "greedy:cost", False: "greedy_stop:cost"}  # past a project that no longer fits, or not
EQUAL = {True: "cheaper,lodged", False: "lodged"}  # at equal votes, the cheaper first, or not
POLL = sa.table("poll", *(sa.column(name) for name in ("rule", "ties", "is_skipping", "is_cheaper_first")))
CHECKS = {
    "rule": f"rule IN ({RULES})",
    "ties": f"ties IN ({TIES})",
    "draw_is_announced": f"{DRAWN} OR draw_text <> ''",
    "drawn_once_tallied": f"tallied_at IS NULL OR {DRAWN} OR draw_number IS NOT NULL",
    "sealed_once_tallied": "box_digest IS NULL OR tallied_at IS NOT NULL",
}


def upgrade() -> None:
    with op.batch_alter_table("poll") as batch_op:
        batch_op.add_column(sa.Column("rule", sa.String(), server_default="greedy:cost", nullable=False))
        batch_op.add_column(sa.Column("compared", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("ties", sa.String(), server_default="cheaper,lodged", nullable=False))
        batch_op.add_column(sa.Column("has_each_sector", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("draw_text", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("draw_number", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("box_digest", sa.String(), nullable=True))
    op.execute(sa.update(POLL).where(POLL.c.is_skipping.is_(sa.false())).values(rule=STOPS[False]))
    op.execute(sa.update(POLL).where(POLL.c.is_cheaper_first.is_(sa.false())).values(ties=EQUAL[False]))
    with op.batch_alter_table("poll") as batch_op:
        batch_op.drop_column("is_skipping")
        batch_op.drop_column("is_cheaper_first")
        for name, condition in CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_poll_{name}"), condition)
    with op.batch_alter_table("poll_option") as batch_op:
        batch_op.add_column(sa.Column("sector", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("rival_group", sa.String(), server_default="", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_poll_option_rival_group"), "rival_group IN ('', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H')"
        )
    op.create_table(
        "poll_count",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("left_cents", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("is_recounted", sa.Boolean(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.CheckConstraint("left_cents >= 0 AND served >= 0", name=op.f("ck_poll_count_not_negative")),
        sa.CheckConstraint(f"rule IN ({RULES})", name=op.f("ck_poll_count_rule")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_count_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "rule", name=op.f("pk_poll_count")),
    )
    _rewrite_terms(_upwards)


def _upwards(terms: dict) -> None:
    terms["rule"] = STOPS[terms.pop("skips_too_dear", True)]
    terms["ties"] = EQUAL[terms.pop("cheaper_first", True)]


def _downwards(terms: dict) -> None:
    """Rules that did not exist then become the nearest of those that did."""
    for name in ("compared", "has_each_sector"):
        terms.pop(name, None)
    terms["skips_too_dear"] = not terms.pop("rule", "").startswith("greedy_stop")
    terms["cheaper_first"] = terms.pop("ties", "cheaper").startswith("cheaper")


def _rewrite_terms(change) -> None:
    """The same rules, said otherwise, in every version adopted and every draft of a works fund."""
    connection, fund = op.get_bind(), sa.table("fund", sa.column("id"), sa.column("scheme"))
    if connection.dialect.name == "postgresql":  # an adopted version never changes; the guard comes back afterwards
        op.execute("DROP TRIGGER IF EXISTS ruleset_no_update ON ruleset")
    for table, key in (("ruleset", "id"), ("ruleset_draft", "fund_id")):
        rules = sa.table(table, sa.column(key), sa.column("fund_id"), sa.column("terms", sa.JSON))
        here = rules.c.fund_id.in_(sa.select(fund.c.id).where(fund.c.scheme == "ftu"))
        for number, terms in connection.execute(sa.select(rules.c[key], rules.c.terms).where(here)).all():
            change(terms)
            connection.execute(sa.update(rules).where(rules.c[key] == number).values(terms=terms))


def downgrade() -> None:
    _rewrite_terms(_downwards)
    op.drop_table("poll_count")
    if op.get_bind().dialect.name == "postgresql":
        for table in ("poll", "poll_option"):
            op.execute(f"DROP TRIGGER IF EXISTS {table}_never_changes ON {table}")
    with op.batch_alter_table("poll_option") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_poll_option_rival_group"), type_="check")
        batch_op.drop_column("rival_group")
        batch_op.drop_column("sector")
    with op.batch_alter_table("poll") as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_poll_{name}"), type_="check")
        batch_op.add_column(sa.Column("is_cheaper_first", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("is_skipping", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute(sa.update(POLL).where(POLL.c.rule == STOPS[False]).values(is_skipping=sa.false()))
    op.execute(sa.update(POLL).where(POLL.c.ties.in_(["lodged", "draw"])).values(is_cheaper_first=sa.false()))
    with op.batch_alter_table("poll") as batch_op:
        for column in ("box_digest", "draw_number", "draw_text", "has_each_sector", "ties", "compared", "rule"):
            batch_op.drop_column(column)
