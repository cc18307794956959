"""Settings: one frozen record, read once from CITIZEN_* variables, refused loudly when wrong."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class BadSetting(Exception):
    """A CITIZEN_* variable is unknown or cannot be read."""


@dataclass(frozen=True)
class Settings:
    """What a site can be told; each field is the variable CITIZEN_<NAME>."""

    data: Path
    database_url: str
    secret_key: str
    base_url: str = "http://localhost:8000"
    smtp_url: str = ""  # smtp://user:password@host:587; empty: a local mail folder
    mail_from: str = "citizen <ne-pas-repondre@localhost>"
    is_demo: bool = False
    is_development: bool = False
    trusted_proxies: int = 0
    geocoder_url: str = ""  # https://data.geopf.fr/geocodage ; empty: no address search
    tiles_url: str = ""  # a {z}/{x}/{y} template; empty: outlines only
    near_limit_metres: int = 100
    max_upload_bytes: int = 8_000_000
    publisher: str = "Région Hauts-de-France"
    host_name: str = ""
    contact_email: str = ""

    @property
    def is_https(self) -> bool:
        return urlsplit(self.base_url).scheme == "https"

    @property
    def files_folder(self) -> Path:
        return self.data / "files"

    @property
    def mail_folder(self) -> Path:
        return self.data / "mail"


def read(environ: Mapping[str, str], **overrides: object) -> Settings:
    """Settings from the environment; what is not given takes its default, in the folder ``data``."""
    given: dict[str, object] = {
        name.removeprefix("CITIZEN_").lower(): value for name, value in environ.items() if name.startswith("CITIZEN_")
    }
    given = {name: value for name, value in given.items() if not name.startswith("test_")} | overrides
    kinds = {field.name: field.type for field in fields(Settings)}
    unknown = sorted(set(given) - set(kinds))
    if unknown:
        raise BadSetting("Réglage inconnu : " + ", ".join(f"CITIZEN_{name.upper()}" for name in unknown))
    data = Path(str(given.pop("data", "citizen-data"))).resolve()
    data.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {name: _typed(name, kinds[name], value) for name, value in given.items()}
    values.setdefault("database_url", f"sqlite:///{data / 'citizen.sqlite3'}")
    values["database_url"] = _with_driver(values["database_url"])
    if "secret_key" not in values:
        values["secret_key"] = _kept_secret(data / "secret_key")
    return Settings(data=data, **values)


def _typed(name: str, kind: object, value: object) -> object:
    try:
        if kind is bool and isinstance(value, str):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[value.lower()]
        if kind is int:
            return int(value)  # type: ignore[call-overload]
    except (KeyError, ValueError):
        raise BadSetting(f"CITIZEN_{name.upper()} : valeur illisible ({value!r}).") from None
    return value


def _with_driver(url: str) -> str:
    """The PostgreSQL driver is ours to choose: sites write postgresql://."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _kept_secret(path: Path) -> str:
    """Kept beside the data, so that sessions survive a restart."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()
