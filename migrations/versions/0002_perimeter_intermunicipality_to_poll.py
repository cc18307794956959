"""Tables: perimeter_intermunicipality to poll."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "perimeter_intermunicipality",
        sa.Column("perimeter_id", sa.Integer(), nullable=False),
        sa.Column("siren", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["perimeter_id"], ["perimeter.id"], name=op.f("fk_perimeter_intermunicipality_perimeter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["siren"], ["intermunicipality.siren"], name=op.f("fk_perimeter_intermunicipality_siren")),
        sa.PrimaryKeyConstraint("perimeter_id", "siren", name=op.f("pk_perimeter_intermunicipality")),
    )
    with op.batch_alter_table("perimeter_intermunicipality", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_perimeter_intermunicipality_siren"), ["siren"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)
    op.create_table(
        "fund",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("commune_code", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name=op.f("fk_fund_commune_code")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_fund_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund")),
        sa.UniqueConstraint("slug", name=op.f("uq_fund_slug")),
    )
    with op.batch_alter_table("fund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_commune_code"), ["commune_code"], unique=False)
    op.create_table(
        "perimeter_commune",
        sa.Column("perimeter_id", sa.Integer(), nullable=False),
        sa.Column("commune_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["commune_code"], ["commune.code"], name=op.f("fk_perimeter_commune_commune_code")),
        sa.ForeignKeyConstraint(
            ["perimeter_id"], ["perimeter.id"], name=op.f("fk_perimeter_commune_perimeter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("perimeter_id", "commune_code", name=op.f("pk_perimeter_commune")),
    )
    with op.batch_alter_table("perimeter_commune", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_perimeter_commune_commune_code"), ["commune_code"], unique=False)
    op.create_table(
        "committee_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_committee_session_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_session")),
    )
    with op.batch_alter_table("committee_session", schema=None) as batch_op:
        batch_op.create_index("ix_committee_session_fund_id_held_at", ["fund_id", "held_at"], unique=False)
    op.create_table(
        "fund_perimeter",
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("perimeter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_fund_perimeter_fund_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["perimeter_id"], ["perimeter.id"], name=op.f("fk_fund_perimeter_perimeter_id")),
        sa.PrimaryKeyConstraint("fund_id", "perimeter_id", name=op.f("pk_fund_perimeter")),
    )
    op.create_table(
        "ruleset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("adopted_on", sa.Date(), nullable=False),
        sa.Column("act_reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_ruleset_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruleset")),
        sa.UniqueConstraint("fund_id", "version", name=op.f("uq_ruleset_fund_id_version")),
    )
    op.create_table(
        "funding_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("fund_id", sa.Integer(), nullable=False),
        sa.Column("ruleset_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("envelope_cents", sa.Integer(), nullable=False),
        sa.Column("committed_cents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("committed_cents BETWEEN 0 AND envelope_cents", name=op.f("ck_funding_call_within_envelope")),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_funding_call_opens_before_it_closes")),
        sa.ForeignKeyConstraint(["fund_id"], ["fund.id"], name=op.f("fk_funding_call_fund_id")),
        sa.ForeignKeyConstraint(["ruleset_id"], ["ruleset.id"], name=op.f("fk_funding_call_ruleset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_call")),
    )
    with op.batch_alter_table("funding_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_funding_call_fund_id"), ["fund_id"], unique=False)
    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_opens_on", sa.Date(), nullable=False),
        sa.Column("vote_closes_on", sa.Date(), nullable=False),
        sa.CheckConstraint("vote_opens_on <= vote_closes_on", name=op.f("ck_campaign_vote_opens_before_it_closes")),
        sa.ForeignKeyConstraint(["id"], ["funding_call.id"], name=op.f("fk_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("theme_title", sa.String(), nullable=False),
        sa.Column("theme_text", sa.Text(), nullable=False),
        sa.Column("axes", sa.JSON(), nullable=False),
        sa.Column("season_starts_on", sa.Date(), nullable=False),
        sa.Column("season_ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ordinal = year - 1989 AND ordinal > 0", name=op.f("ck_edition_ordinal")),
        sa.CheckConstraint("season_starts_on <= season_ends_on", name=op.f("ck_edition_season")),
        sa.ForeignKeyConstraint(["id"], ["funding_call.id"], name=op.f("fk_edition_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("year", name=op.f("uq_edition_year")),
    )
    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("announcement", sa.Text(), nullable=False),
        sa.Column("electorate", sa.Text(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=False),
        sa.Column("min_votes", sa.Integer(), nullable=False),
        sa.Column("envelope_cents", sa.Integer(), nullable=False),
        sa.Column("is_cheaper_first", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("is_skipping", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tallied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ballot_count", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('support')", name=op.f("ck_poll_kind")),
        sa.CheckConstraint("(tallied_at IS NULL) = (ballot_count IS NULL)", name=op.f("ck_poll_tallied_has_count")),
        sa.CheckConstraint("max_choices BETWEEN 1 AND 10", name=op.f("ck_poll_max_choices")),
        sa.CheckConstraint("min_votes >= 0 AND envelope_cents >= 0", name=op.f("ck_poll_not_negative")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_poll_opens_before_it_closes")),
        sa.CheckConstraint("tallied_at IS NULL OR tallied_at >= closes_at", name=op.f("ck_poll_tallied_once_closed")),
        sa.ForeignKeyConstraint(["call_id"], ["funding_call.id"], name=op.f("fk_poll_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("call_id", name=op.f("uq_poll_call_id")),
    )


def downgrade() -> None:
    op.drop_table("poll")
    op.drop_table("edition")
    op.drop_table("campaign")
    with op.batch_alter_table("funding_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_funding_call_fund_id"))
    op.drop_table("funding_call")
    op.drop_table("ruleset")
    op.drop_table("fund_perimeter")
    with op.batch_alter_table("committee_session", schema=None) as batch_op:
        batch_op.drop_index("ix_committee_session_fund_id_held_at")
    op.drop_table("committee_session")
    with op.batch_alter_table("perimeter_commune", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_perimeter_commune_commune_code"))
    op.drop_table("perimeter_commune")
    with op.batch_alter_table("fund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_commune_code"))
    op.drop_table("fund")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_expires_at"))
    op.drop_table("sign_in")
    with op.batch_alter_table("perimeter_intermunicipality", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_perimeter_intermunicipality_siren"))
    op.drop_table("perimeter_intermunicipality")
