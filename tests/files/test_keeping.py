"""The folder and the database tell the same story; what is sent cannot run."""

import io
from email.message import Message

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from citizen.db import db, transaction
from citizen.files import queries, services, serving
from citizen.files.models import Document
from citizen.kernel.access import NOBODY
from citizen.kernel.lifecycle import Forbidden
from tests import factories
from tests.files.test_hostile import PDF, files_on_disk, photo


@pytest.fixture
def document(app: Flask) -> Document:
    return services.store(factories.actor(factories.person()), io.BytesIO(photo()), "photo.jpg")


@pytest.fixture
def paper(app: Flask) -> Document:
    return services.store(factories.actor(factories.person()), io.BytesIO(PDF), "Devis été.pdf")


def test_a_file_is_kept_under_a_name_that_nobody_chose(app: Flask, paper: Document) -> None:
    path = services.path_of(paper)
    assert "evis" not in str(path)
    assert len(paper.key) == 32
    assert path.stat().st_size == paper.byte_size == len(PDF)


def test_when_the_transaction_fails_no_file_stays(app: Flask) -> None:
    before = files_on_disk(app)
    who = factories.actor(factories.person())
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012
        services.store(who, io.BytesIO(photo()), "photo.jpg")
        assert len(files_on_disk(app)) == len(before) + 2
        raise ZeroDivisionError
    assert files_on_disk(app) == before
    assert db.session.query(Document).count() == 0


def test_a_savepoint_undone_takes_no_file_of_the_rest_away(app: Flask) -> None:
    who = factories.actor(factories.person())
    with transaction():
        kept = services.store(who, io.BytesIO(PDF), "a.pdf")
        nested = db.session.begin_nested()
        nested.rollback()
    assert services.path_of(kept).is_file()


def test_a_later_failure_takes_no_earlier_file_away(app: Flask, paper: Document) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    assert services.path_of(paper).is_file()


def test_when_the_disk_fails_nothing_is_written(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    who, before = factories.actor(factories.person()), files_on_disk(app)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        services.store(who, io.BytesIO(PDF), "a.pdf")
    assert files_on_disk(app) == before
    assert db.session.query(Document).count() == 0


def test_a_document_removed_goes_with_its_files_and_not_before(app: Flask, document: Document) -> None:
    who, number = factories.actor(factories.person()), document.id
    paths = [services.path_of(document), services.path_of(document, is_thumbnail=True)]
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012
        services.remove(who, number)
        raise ZeroDivisionError
    assert all(path.is_file() for path in paths)
    services.remove(who, number)
    assert not any(path.exists() for path in paths)
    assert queries.document(number) is None


def test_nobody_keeps_nothing(app: Flask) -> None:
    with pytest.raises(Forbidden):
        services.store(NOBODY, io.BytesIO(PDF), "a.pdf")


def sent(app: Flask, document: Document, **values: bool) -> tuple[dict[str, str], bytes]:
    with app.test_request_context():
        answer = app.process_response(serving.respond(document, **values))
        answer.direct_passthrough = False
        content = answer.get_data()
        answer.close()
        return dict(answer.headers), content


def test_a_paper_is_downloaded_and_cannot_run(app: Flask, paper: Document) -> None:
    headers, content = sent(app, paper)
    disposition = Message()
    disposition["Content-Disposition"] = headers["Content-Disposition"]
    assert disposition.get_content_disposition() == "attachment"
    assert disposition.get_filename() in ("Devis été.pdf", "Devis ete.pdf")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-cache" in headers["Cache-Control"]
    assert "private" in headers["Cache-Control"]
    assert content == PDF


def test_a_photo_is_shown_small_or_large(app: Flask, document: Document) -> None:
    large, small = sent(app, document), sent(app, document, thumbnail=True)
    for headers, _content in (large, small):
        assert headers["Content-Type"] == "image/webp"
        assert headers["Content-Disposition"].startswith("inline")
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert len(large[1]) > len(small[1])
    assert large[0]["ETag"] != small[0]["ETag"]


def test_a_paper_has_no_thumbnail(app: Flask, paper: Document) -> None:
    assert sent(app, paper, thumbnail=True)[1] == PDF


def test_a_lost_file_is_not_found(app: Flask, paper: Document) -> None:
    services.path_of(paper).unlink()
    with app.test_request_context(), pytest.raises(NotFound):
        serving.respond(paper)
