"""Members of committees, attendance and proxies."""

import sqlalchemy as sa
from alembic import op

revision = "0007b"
down_revision = "0007"
branch_labels = None
depends_on = None

SEAT = sa.table(
    "seat",
    *(sa.column(name) for name in ("fund_id", "person_id", "name", "email", "college", "is_voting", "office")),
    sa.column("starts_on", sa.Date),
)


def upgrade() -> None:
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("college", sa.String(), nullable=False),
        sa.Column("is_voting", sa.Boolean(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("office IN ('member', 'president', 'secretary')", name=op.f("ck_seat_office")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_seat_starts_before_it_ends")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_seat_fund_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_fund_id"), ["fund_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_seat_in_office",
            ["fund_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name=op.f("ck_attendance_arrives_before_leaving")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_attendance_seat_id")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_attendance_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index("ix_attendance_session_id_seat_id", ["session_id", "seat_id"], unique=False)
        batch_op.create_index(
            "uq_attendance_present",
            ["session_id", "seat_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "proxy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("giver_id <> holder_id", name=op.f("ck_proxy_another")),
        sa.ForeignKeyConstraint(["giver_id"], ["seat.id"], name=op.f("fk_proxy_giver_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["seat.id"], name=op.f("fk_proxy_holder_id")),
        sa.ForeignKeyConstraint(["session_id"], ["committee_session.id"], name=op.f("fk_proxy_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxy")),
    )
    with op.batch_alter_table("proxy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proxy_giver_id"), ["giver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proxy_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proxy_session_id"), ["session_id"], unique=False)
        batch_op.create_index(
            "uq_proxy_given",
            ["session_id", "giver_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    _seat_the_members()


def _seat_the_members() -> None:
    """Who held the duty sits in the first college that votes, since the fund's first rules."""
    connection = op.get_bind()
    duties = connection.execute(
        sa.text(
            'SELECT person.id, person.name, person.email, duty."on" FROM duty JOIN person ON person.id = duty.person_id'
            " WHERE duty.role = 'committee_member' AND duty.\"on\" LIKE 'fund:%' ORDER BY duty.id"
        )
    ).all()
    ruleset = sa.table(
        "ruleset", sa.column("fund_id"), sa.column("version"), sa.column("terms", sa.JSON), sa.column("adopted_on", sa.Date)
    )
    for person_id, name, email, on in duties:
        fund_id = int(on.removeprefix("fund:"))
        rules = connection.execute(sa.select(ruleset).where(ruleset.c.fund_id == fund_id).order_by(ruleset.c.version)).all()
        if rules:
            college = (rules[-1].terms.get("voting_colleges") or ["Habitants"])[0]
            connection.execute(
                SEAT.insert().values(
                    fund_id=fund_id,
                    person_id=person_id,
                    name=name,
                    email=email,
                    college=college,
                    is_voting=True,
                    office="member",
                    starts_on=rules[0].adopted_on,
                )
            )


def downgrade() -> None:
    for table in ("proxy", "attendance", "seat"):
        op.drop_table(table)
