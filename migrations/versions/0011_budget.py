"""Accounts of budget lines and their quotes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PLACES = {
    ("expense", "operating"): (
        "613", "616", "625", "623", "615", "622", "604", "601", "618", "641", "645", "65", "635", "62x", "CHGFIXE", "60x",
    ),
    ("expense", "capital"): ("21",),
    ("income", "grant"): ("74ici",),
    ("income", "other"): (
        "74com", "74orgasoc", "74epci", "74dep", "74region", "74etat", "74fe", "74x", "74aidespriv", "70", "758", "750",
    ),
    ("income", "own"): ("756", "RESSPROPRES"),
    ("valued", "volunteer"): ("861", "860", "864"),
}  # fmt: skip
USUAL = {"operating": "60x", "capital": "21", "grant": "74ici", "own": "RESSPROPRES", "other": "750", "volunteer": "864"}
# What the words of the lines already written lead to; a later row wins.
WORDS = (
    ("operating", "601", ("repas", "goûter", "boisson", "café", "pain", "soupe", "fruit")),
    ("operating", "604", ("intervenant", "animat", "atelier", "spectacle", "concert")),
    ("operating", "622", ("musicien", "artiste", "conteu", "groupe de musique")),
    ("operating", "623", ("affich", "impression", "tract")),
    ("operating", "625", ("transport", "autocar", "minibus", "déplacement")),
    ("operating", "616", ("assurance",)),
    ("operating", "613", ("location", "louer")),
    ("other", "70", ("participation", "vente", "buvette")),
    ("other", "74com", ("commune", "mairie", "ville")),
    ("own", "756", ("cotisation",)),
    ("volunteer", "860", ("don ", "dons ")),
    ("volunteer", "861", ("prêt", "salle", "camion")),
)
FORMER = (
    "(side = 'expense' AND nature IN ('operating', 'capital')) OR (side = 'income' AND nature IN ('grant', 'own', 'other'))"
    " OR (side = 'valued' AND nature = 'volunteer')"
)


def placed() -> str:
    return " OR ".join(
        f"(side = '{side}' AND nature = '{nature}' AND account IN ({', '.join(repr(code) for code in codes)}))"
        for (side, nature), codes in PLACES.items()
    )


def upgrade() -> None:
    op.add_column("project", sa.Column("advised", sa.String(), server_default="", nullable=False))
    op.add_column("budget_line", sa.Column("account", sa.String(), nullable=True))
    line = sa.table("budget_line", *(sa.column(name) for name in ("account", "nature", "label")))
    for nature, account in USUAL.items():
        op.execute(sa.update(line).where(line.c.nature == nature).values(account=account))
    for nature, account, words in WORDS:
        said = sa.or_(*(sa.func.lower(line.c.label).contains(word) for word in words))
        op.execute(sa.update(line).where(line.c.nature == nature, said).values(account=account))
    with op.batch_alter_table("budget_line") as batch_op:
        batch_op.alter_column("account", existing_type=sa.String(), nullable=False)
        batch_op.drop_constraint(batch_op.f("ck_budget_line_side_and_nature"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_budget_line_account"), placed())
        batch_op.create_index(batch_op.f("ix_budget_line_account"), ["account"])
    with op.batch_alter_table("attachment") as batch_op:
        batch_op.add_column(sa.Column("line_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("amount_cents", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_line_id"), "budget_line", ["line_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_attachment_line_id"), ["line_id"])
        batch_op.drop_constraint(batch_op.f("ck_attachment_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_attachment_kind"), "kind IN ('quote', 'receipt', 'required', 'photo', 'agreement', 'other')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_attachment_priced"), "(line_id IS NULL AND amount_cents IS NULL) OR kind IN ('quote', 'receipt')"
        )
        batch_op.create_check_constraint(batch_op.f("ck_attachment_positive"), "amount_cents IS NULL OR amount_cents > 0")


def downgrade() -> None:
    op.drop_column("project", "advised")
    op.execute("UPDATE attachment SET line_id = NULL, amount_cents = NULL")
    op.execute("UPDATE attachment SET kind = 'other' WHERE kind IN ('receipt', 'required')")
    for verb in ("insert", "update"):
        of = " ON attachment" if op.get_bind().dialect.name == "postgresql" else ""
        op.execute(f"DROP TRIGGER IF EXISTS attachment_line_{verb}{of}")
    with op.batch_alter_table("attachment") as batch_op:
        for name in ("priced", "positive", "kind"):
            batch_op.drop_constraint(batch_op.f(f"ck_attachment_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_kind"), "kind IN ('quote', 'photo', 'agreement', 'other')")
        batch_op.drop_index(batch_op.f("ix_attachment_line_id"))
        batch_op.drop_constraint(batch_op.f("fk_attachment_line_id"), type_="foreignkey")
        batch_op.drop_column("line_id")
        batch_op.drop_column("amount_cents")
    with op.batch_alter_table("budget_line") as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_line_account"))
        batch_op.drop_constraint(batch_op.f("ck_budget_line_account"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_budget_line_side_and_nature"), FORMER)
        batch_op.drop_column("account")
