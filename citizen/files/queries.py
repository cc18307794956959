"""Which documents are kept."""

from citizen.db import db
from citizen.files.models import Document


def document(document_id: int) -> Document | None:
    """The document of this number."""
    return db.session.get(Document, document_id)
