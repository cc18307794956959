"""The reference files of the territory, and small files made on the spot."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def territory() -> Path:
    """The folder of the official perimeters and communes; without it these tests fail, they are not skipped."""
    folder = REFERENCE / "territoires"
    if not folder.is_dir():
        pytest.fail(f"the reference data is missing: {folder}")
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file: text as it is, anything else as JSON."""

    def written(content: Any, name: str = "essai") -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return written
