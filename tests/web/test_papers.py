"""Papers and spreadsheets: tagged, titled, in French, and without a formula that somebody typed."""

import io

import openpyxl
import pytest
from flask import Flask
from PIL import ImageFile
from pypdf import PdfReader

from citizen.web import printing, sheets

EVIL = '=HYPERLINK("https://exemple.fr")'


def test_a_paper_is_tagged_titled_and_in_french(app: Flask) -> None:
    with app.test_request_context():
        paper = printing.paper("print.html", "Compte rendu du 1er juin")
    read = PdfReader(io.BytesIO(paper.get_data()))
    assert read.metadata is not None and read.metadata.title == "Compte rendu du 1er juin"
    root = read.trailer["/Root"]
    assert root["/Lang"] == "fr" and root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert "Compte rendu du 1er juin" in read.pages[0].extract_text()


def test_without_the_library_the_page_itself_is_printed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_printer", lambda: None)
    with app.test_request_context():
        paper = printing.paper("print.html", "Compte rendu")
    assert paper.mimetype == "text/html" and "<h1>Compte rendu</h1>" in paper.get_data(as_text=True)


@pytest.mark.parametrize("source", ["file:///etc/passwd", "http://127.0.0.1/x", "/static/../pyproject.toml"])
def test_a_paper_reads_nothing_but_our_own_files(app: Flask, source: str) -> None:
    with app.test_request_context(), pytest.raises(BaseException, match="Error fetching"):
        printing.pdf(f'<html lang="fr"><title>x</title><img alt="" src="{source}">')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_csv_is_a_formula(start: str) -> None:
    text = sheets.csv("État", ["Nom"], [[start + "1+1"]]).get_data(as_text=True)
    assert f"'{start}1+1" in text


def test_no_cell_of_a_workbook_is_a_formula_and_amounts_add_up() -> None:
    body = sheets.workbook("État", {"Projets": (["Nom", "Montant"], [[EVIL, sheets.euros_cell(1_234_50)]])}).get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(body))["Projets"]
    assert sheet["A2"].data_type == "s" and sheet["A2"].value == EVIL and sheet["A2"].hyperlink is None
    assert sheet["B2"].value == 1234.5


def test_printing_leaves_damaged_photos_refused() -> None:
    printing._printer()
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_paper_has_its_styles(app: Flask) -> None:
    with app.test_request_context():
        paper = printing.paper("print.html", "Compte rendu")
    box = PdfReader(io.BytesIO(paper.get_data())).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    assert "1 / 1" in PdfReader(io.BytesIO(paper.get_data())).pages[0].extract_text(), "numbered by the style sheet"
