"""The Region's desk of city contracts: written, given quarters and signatories, published; mid-term reviews recalled."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from citizen import clock
from citizen.journal.queries import events_of
from citizen.kernel.access import REGION, Actor, Role
from citizen.kernel.findings import Invalid
from citizen.kernel.words import N_
from citizen.places import contracts, queries
from citizen.places.contract_forms import ContractForm, OpenForm, SignatoryForm, SiteForm
from citizen.places.contract_models import CityContract
from citizen.places.models import Perimeter
from citizen.places.rules import KIND_LABELS, RENEWAL_LABELS, SIGNATORY_LABELS, Kind
from citizen.web.access import current_actor, duty
from citizen.web.filters import say
from citizen.web.forms import options
from citizen.web.tasks import Task

pages = Blueprint("contracts", __name__)
ONE = "/region/contrats/<int(max=2147483647):contract_id>"
REGION_ONLY = duty(Role.REGION_OFFICER, on=REGION)
FACTS = ("title", "about", "starts_on", "ends_on", "review_clause", "review_due_on", "review_held_on")
ACTS = {
    "opened": N_("ouvert"), "changed": N_("modifié"), "imported": N_("chargé d’un fichier"), "published": N_("publié"),
    "taken_back": N_("retiré du public"), "signatory_added": N_("signataire ajouté"), "site_added": N_("site ajouté"),
    "removed": N_("enlevé"),
}  # fmt: skip


def tasks(actor: Actor) -> list[Task]:
    """The mid-term reviews that an officer of the Region should prepare."""
    if not actor.holds(Role.REGION_OFFICER, REGION):
        return []
    today = clock.today()
    return [
        Task(_("Préparer la revue à mi-parcours : %(title)s", title=one.title), url_for("contracts.edit", contract_id=one.id))
        for one in queries.contracts(with_drafts=True)
        if one.awaits_review(today) and not one.is_over(today)
    ]


pages.add_app_template_global(tasks, "contract_tasks")


def known(contract_id: int) -> CityContract:
    return queries.contract_whole(contract_id) or abort(404)


@pages.get("/region/contrats")
@REGION_ONLY
def desk() -> str:
    """Every contract, those in preparation too, and the reviews that are due."""
    return render_template("contracts/desk.html", contracts=queries.contracts(with_drafts=True), today=clock.today())


@pages.route("/region/contrats/nouveau", methods=["GET", "POST"])
@REGION_ONLY
def create() -> Any:
    """A contract in preparation: its name, and who leads it."""
    form: Any = OpenForm()
    form.intermunicipality.choices = options([("", _("Pas encore connue")), *queries.intermunicipality_choices()])
    opened = form.submit_to(
        lambda: contracts.open_contract(current_actor(), title=form.title.data, sirens=[form.intermunicipality.data or ""])
    )
    if opened:
        flash(_("Le contrat est en préparation : complétez-le, puis publiez-le."), "success")
        return redirect(url_for("contracts.desk") if opened is True else url_for("contracts.edit", contract_id=opened.id), 303)
    return render_template("contracts/create.html", form=form), 422 if form.is_posted else 200


@pages.route(ONE, methods=["GET", "POST"])
@REGION_ONLY
def edit(contract_id: int) -> Any:
    """Its facts and its territory; on the same page who signed, its renewal sites, and what happened to it."""
    contract = known(contract_id)
    form = _filled(contract)
    if form.submit_to(lambda: _change(contract_id, form)):
        flash(_("C’est enregistré."), "success")
        return redirect(url_for("contracts.edit", contract_id=contract_id), 303)
    contract = known(contract_id)
    return render_template(
        "contracts/edit.html", contract=contract, form=form, today=clock.today(), events=events_of(contract.on)[::-1], acts=ACTS,
        signatory_kinds=SIGNATORY_LABELS, renewal_kinds=RENEWAL_LABELS,
    ), 422 if form.is_posted else 200  # fmt: skip


def _filled(contract: CityContract) -> Any:
    """The form with what the contract has, and what its intermunicipalities could bring."""
    sirens = [one.siren for one in contract.intermunicipalities]
    ticked = {
        "intermunicipalities": sirens,
        "perimeters": [one.id for one in contract.perimeters],
        "communes": [one.code for one in contract.communes],
    }
    form: Any = ContractForm(data={name: getattr(contract, name) for name in FACTS} | ticked)
    quarters = {one.id: one for one in (*contract.perimeters, *queries.quarters_around(sirens))}
    towns = {one.code: one for one in (*contract.communes, *queries.communes_of(sirens))}
    form.intermunicipalities.choices = options((one.siren, one.name) for one in contract.intermunicipalities)
    form.intermunicipality.choices = options([("", _("Aucune")), *queries.intermunicipality_choices()])
    form.perimeters.choices = options((one.id, _called(one)) for one in quarters.values())
    form.communes.choices = options((one.code, one.name) for one in towns.values())
    return form


def _called(perimeter: Perimeter) -> str:
    towns = ", ".join(one.name for one in perimeter.communes)
    return f"{perimeter.name}, {towns} · {say(KIND_LABELS[Kind(perimeter.kind)])} · {perimeter.code}"


def _change(contract_id: int, form: Any) -> CityContract:
    added = queries.perimeter_by_code(form.perimeter_code.data) if form.perimeter_code.data else None
    if form.perimeter_code.data and added is None:
        raise Invalid("perimeter_code", _("Aucun quartier n’a ce code."))
    return contracts.change(
        current_actor(), contract_id,
        sirens=[*(form.intermunicipalities.data or []), form.intermunicipality.data or ""],
        communes=form.communes.data or [],
        perimeter_ids=[*(form.perimeters.data or []), *([added.id] if added else [])],
        **{name: form[name].data for name in FACTS},
    )  # fmt: skip


@pages.route(f"{ONE}/signataires", methods=["GET", "POST"])
@REGION_ONLY
def sign(contract_id: int) -> Any:
    """One more signatory."""
    form = SignatoryForm()
    return _add(
        contract_id, form, _("Ajouter un signataire"),
        lambda: contracts.add_signatory(
            current_actor(), contract_id, name=form.name.data or "", kind=form.kind.data, signed_on=form.signed_on.data
        ),
    )  # fmt: skip


@pages.route(f"{ONE}/renouvellement", methods=["GET", "POST"])
@REGION_ONLY
def renew(contract_id: int) -> Any:
    """One more urban-renewal site, on its quarters."""
    form: Any = SiteForm()
    form.perimeters.choices = options((one.id, one.name) for one in known(contract_id).perimeters)
    return _add(
        contract_id, form, _("Ajouter un site de renouvellement urbain"),
        lambda: contracts.add_site(
            current_actor(), contract_id, name=form.name.data, kind=form.kind.data, perimeter_ids=form.perimeters.data or []
        ),
    )  # fmt: skip


def _add(contract_id: int, form: Any, title: str, service: Any) -> Any:
    known(contract_id)
    if form.submit_to(service):
        flash(_("C’est ajouté."), "success")
        return redirect(url_for("contracts.edit", contract_id=contract_id), 303)
    return render_template(
        "contracts/add.html", contract=known(contract_id), form=form, title=title
    ), 422 if form.is_posted else 200


@pages.post(f"{ONE}/<any(signatories, renewal_sites):part>/<int(max=2147483647):number>/retirer")
@REGION_ONLY
def remove(contract_id: int, part: str, number: int) -> Any:
    contracts.remove(current_actor(), contract_id, part, number)
    return redirect(url_for("contracts.edit", contract_id=contract_id), 303)


@pages.post(f"{ONE}/<any(publier, reprendre):act>")
@REGION_ONLY
def publish(contract_id: int, act: str) -> Any:
    """Shows its page to everybody, or takes it back."""
    contracts.publish(current_actor(), contract_id, is_public=act == "publier")
    flash(_("Tout le monde peut lire sa page.") if act == "publier" else _("Sa page n’est plus publique."), "success")
    return redirect(url_for("contracts.edit", contract_id=contract_id), 303)
