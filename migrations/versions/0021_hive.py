"""What the Region publishes: publications, who else may publish, collections, pictures of the month, descents."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("publication", "publishing_delegation", "collection", "collection_item", "month_picture", "descent")
_OPEN = sa.text("withdrawn_at IS NULL")


def _of(table: str, name: str, target: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}"), ondelete=ondelete)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    op.add_column("project", _moment("published_at", nullable=True))
    read = ["published_at", "id", "is_public", "scheme", "state", "commune_code", "perimeter_id", "decided_on"]
    where = sa.text("published_at IS NOT NULL")
    op.create_index("ix_project_published", "project", read, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "publication",
        _number("id"),
        _number("project_id"),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("summary", "story", "differently")),
        _number("cover_id", nullable=True),
        sa.Column("cover_words", sa.String(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("has_consents", "names_region", "is_reread")),
        _moment("published_at"),
        _number("published_by", nullable=True),
        _moment("withdrawn_at", nullable=True),
        _number("withdrawn_by", nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("has_consents AND names_region AND is_reread", name=op.f("ck_publication_checklist")),
        sa.CheckConstraint("summary <> ''", name=op.f("ck_publication_summary")),
        sa.CheckConstraint("cover_id IS NULL OR cover_words <> ''", name=op.f("ck_publication_cover_is_told")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f("ck_publication_withdrawn_has_reason")
        ),
        _of("publication", "project_id", "project.id"),
        _of("publication", "cover_id", "attachment.id", "SET NULL"),
        _of("publication", "published_by", "person.id"),
        _of("publication", "withdrawn_by", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index(op.f("ix_publication_project_id"), "publication", ["project_id"])
    op.create_index(op.f("ix_publication_cover_id"), "publication", ["cover_id"])
    only = {"sqlite_where": _OPEN, "postgresql_where": _OPEN}
    op.create_index("uq_publication_open", "publication", ["project_id"], unique=True, **only)
    op.create_index("ix_publication_shown", "publication", ["published_at", "project_id"], **only)
    op.create_table(
        "publishing_delegation",
        _number("fund_id"),
        _moment("given_at"),
        _number("given_by", nullable=True),
        _of("publishing_delegation", "fund_id", "fund.id", "CASCADE"),
        _of("publishing_delegation", "given_by", "person.id"),
        sa.PrimaryKeyConstraint("fund_id", name=op.f("pk_publishing_delegation")),
    )
    _collections()
    op.create_table(
        "descent",
        _number("project_id"),
        _number("origin_id"),
        _moment("copied_at"),
        sa.CheckConstraint("project_id <> origin_id", name=op.f("ck_descent_not_its_own_origin")),
        _of("descent", "project_id", "project.id", "CASCADE"),
        _of("descent", "origin_id", "project.id"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_descent")),
    )
    op.create_index(op.f("ix_descent_origin_id"), "descent", ["origin_id"])


def _collections() -> None:
    op.create_table(
        "collection",
        _number("id"),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        _moment("made_at"),
        _number("made_by", nullable=True),
        _of("collection", "made_by", "person.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection")),
    )
    op.create_table(
        "collection_item",
        _number("collection_id"),
        _number("project_id"),
        _number("position"),
        _of("collection_item", "collection_id", "collection.id", "CASCADE"),
        _of("collection_item", "project_id", "project.id"),
        sa.PrimaryKeyConstraint("collection_id", "project_id", name=op.f("pk_collection_item")),
    )
    op.create_index(op.f("ix_collection_item_project_id"), "collection_item", ["project_id"])
    op.create_table(
        "month_picture",
        sa.Column("month", sa.Date(), nullable=False),
        _number("attachment_id"),
        _number("project_id"),
        sa.Column("credit", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        _moment("chosen_at"),
        _number("chosen_by", nullable=True),
        sa.CheckConstraint("credit <> '' AND words <> ''", name=op.f("ck_month_picture_credit")),
        _of("month_picture", "attachment_id", "attachment.id", "CASCADE"),
        _of("month_picture", "project_id", "project.id"),
        _of("month_picture", "chosen_by", "person.id"),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_month_picture")),
    )
    op.create_index(op.f("ix_month_picture_attachment_id"), "month_picture", ["attachment_id"])
    op.create_index(op.f("ix_month_picture_project_id"), "month_picture", ["project_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_project_published", table_name="project")
    op.drop_column("project", "published_at")
