"""Quotes of invented shops: one-page PDF files written by hand."""

import io
from collections.abc import Sequence

from citizen.files import services as files
from citizen.files.services import Prepared
from citizen.kernel.words import slug

SHOPS = (
    "Aux fêtes du Nord", "Loc’Matériel des Flandres", "L’Épicerie du coin", "Brico Quartier", "Cars de la Lys", "Imprimerie du Beffroi",
    "La Ferme d’à côté", "Son et Lumière de l’Escaut",
)  # fmt: skip


def quote(title: str, shop: str, lines: Sequence[tuple[str, int]], day: str, *, kind: str = "DEVIS") -> Prepared:
    """A quote (or an invoice) for ``lines`` (what, whole euros), ready to be kept."""
    told = [shop, "Entreprise inventée pour la démonstration", "", f"{kind} du {day}", title, ""]
    told += [f"{label} : {amount} euros" for label, amount in lines]
    told += ["", f"Total : {sum(amount for _label, amount in lines)} euros"]
    return files.prepare(io.BytesIO(_pdf(told)), f"{kind.lower()}-{slug(shop)}.pdf")


def letter(title: str, lines: Sequence[str], name: str) -> Prepared:
    """A letter of a few lines, such as an owner's agreement."""
    return files.prepare(io.BytesIO(page(title, lines)), name)


def page(title: str, lines: Sequence[str]) -> bytes:
    """A page of a few lines under their title."""
    return _pdf([title, "", *lines])


def _pdf(lines: Sequence[str]) -> bytes:
    """The lines on one A4 page."""
    shown = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in lines)
    page = b"BT /F1 13 Tf 20 TL 70 770 Td\n" + shown + b"ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    written, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def _escaped(line: str) -> bytes:
    encoded = line.encode("cp1252", "replace")
    return encoded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
