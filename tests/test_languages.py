"""Another language is a file: nothing in the code changes."""

import io
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from citizen import config
from citizen.app import create_app

ROOT = Path(__file__).resolve().parent.parent


def test_a_file_in_the_data_folder_is_a_language(tmp_path: Path, app: Flask) -> None:
    catalogue = Catalog(locale="nl")
    catalogue.add("Créer un compte", "Account aanmaken")
    folder = tmp_path / "translations" / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    content = io.BytesIO()
    write_mo(content, catalogue)
    (folder / "messages.mo").write_bytes(content.getvalue())
    settings = config.read({}, data=tmp_path, database_url=app.config["SETTINGS"].database_url, secret_key="x")
    client = create_app(settings, TESTING=True).test_client()
    assert "Account aanmaken" in client.get("/inscription", headers={"Accept-Language": "nl"}).text
    french = client.get("/inscription", headers={"Accept-Language": "fr"}).text
    assert "Créer un compte" in french
    assert 'lang="fr"' in french


def test_the_sentences_of_rules_pages_and_forms_are_all_collected(tmp_path: Path) -> None:
    target = tmp_path / "messages.pot"
    keywords = [word for name in ("N_", "Words", "__", "_l") for word in ("-k", name)]
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "-F", "babel.cfg", *keywords, "-o", str(target), "."]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with target.open("rb") as source:
        known = {str(message.id) for message in read_po(source)}
    assert {
        "Le budget est à l’équilibre",
        "Il manque %(gap)s de recettes.",
        "Votre idée en quelques mots",
        "Déposer le dossier",
    } <= known
