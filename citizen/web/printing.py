"""Papers: a page of ours as a tagged PDF where WeasyPrint is installed; else the page itself, which a browser prints."""

import mimetypes
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, render_template
from PIL import ImageFile

from citizen.kernel.words import slug

ORIGIN = "http://paper.invalid"  # where a paper's addresses start: no such machine


def paper(template: str, title: str, **values: Any) -> Response:
    """The answer that shows ``template`` (it extends « print.html ») as a paper named after its ``title``."""
    page = render_template(template, title=title, **values)
    body = pdf(page)
    if body is None:
        return Response(page, mimetype="text/html")
    headers = {"Content-Disposition": f'inline; filename="{slug(title)}.pdf"'}
    return Response(body, mimetype="application/pdf", headers=headers)


def pdf(page: str) -> bytes | None:
    """``page`` as a tagged PDF (PDF/UA-1); None where the library or the system's Pango is missing."""
    printer = _printer()
    return printer(page, Path(str(current_app.static_folder))) if printer else None


@cache
def _printer() -> Any:
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError):  # OSError: the package is there, Pango is not
        return None
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process: a damaged photo would be kept

    class OwnFiles(URLFetcher):
        """Only the files of our own static folder, and pictures held by the page: a paper never asks the network nor the disk."""

        def __init__(self, root: Path):
            super().__init__(fail_on_errors=True)
            self.root = root.resolve()

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:image/"):
                return super().fetch(url, headers)
            file = (self.root / urlsplit(url).path.removeprefix("/static/")).resolve()
            if not url.startswith(f"{ORIGIN}/static/") or not file.is_relative_to(self.root):
                raise ValueError(url)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"  # a style sheet of no kind is left out
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    def print_page(page: str, root: Path) -> Any:
        return HTML(string=page, base_url=f"{ORIGIN}/", url_fetcher=OwnFiles(root)).write_pdf(
            pdf_variant="pdf/ua-1", pdf_tags=True
        )

    return print_page
