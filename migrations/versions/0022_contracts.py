"""City contracts, their perimeters and signatories; how to reach an organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

LINKS = (
    ("contract_intermunicipality", "contract_id", "city_contract", "siren", sa.String, "intermunicipality.siren"),
    ("contract_commune", "contract_id", "city_contract", "commune_code", sa.String, "commune.code"),
    ("contract_perimeter", "contract_id", "city_contract", "perimeter_id", sa.Integer, "perimeter.id"),
    ("renewal_perimeter", "renewal_site_id", "renewal_site", "perimeter_id", sa.Integer, "perimeter.id"),
)
KINDS = {
    "contract_signatory": ("state", "region", "departement", "intermunicipality", "commune", "landlord", "other"),
    "renewal_site": ("national", "regional"),
}


def upgrade() -> None:
    op.create_table(
        "city_contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("search_name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("review_clause", sa.Text(), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("review_held_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'published')", name=op.f("ck_city_contract_state")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_city_contract_days")),
        sa.CheckConstraint("slug <> '' AND title <> ''", name=op.f("ck_city_contract_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_contract")),
        sa.UniqueConstraint("slug", name=op.f("uq_city_contract_slug")),
    )
    op.create_index(op.f("ix_city_contract_search_name"), "city_contract", ["search_name"], unique=False)
    for table, kinds in KINDS.items():
        signed = [sa.Column("signed_on", sa.Date(), nullable=True)] if table == "contract_signatory" else []
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("contract_id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(), nullable=False),
            sa.Column("kind", sa.String(), nullable=False),
            *signed,
            sa.CheckConstraint(f"kind IN ({', '.join(map(repr, kinds))})", name=op.f(f"ck_{table}_kind")),
            sa.ForeignKeyConstraint(
                ["contract_id"], ["city_contract.id"], name=op.f(f"fk_{table}_contract_id"), ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("contract_id", "name", name=op.f(f"uq_{table}_contract_id_name")),
        )
    for table, owner_key, owner, key, kind, target in LINKS:
        op.create_table(
            table,
            sa.Column(owner_key, sa.Integer(), nullable=False),
            sa.Column(key, kind(), nullable=False),
            sa.ForeignKeyConstraint([owner_key], [f"{owner}.id"], name=op.f(f"fk_{table}_{owner_key}"), ondelete="CASCADE"),
            sa.ForeignKeyConstraint([key], [target], name=op.f(f"fk_{table}_{key}")),
            sa.PrimaryKeyConstraint(owner_key, key, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{key}"), table, [key], unique=False)

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", sa.Text(), server_default="", nullable=False))
        batch_op.create_check_constraint(op.f("ck_organisation_group_has_no_contact"), "kind <> 'group' OR contact = ''")


def downgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_organisation_group_has_no_contact"), type_="check")
        batch_op.drop_column("contact")
    for table, *_columns in reversed(LINKS):
        op.drop_table(table)
    for table in (*reversed(KINDS), "city_contract"):
        op.drop_table(table)
