"""Around the summer to come: equipment lent and booked, a partner who answered by link, opinions asked, a file being instructed."""

import io
from datetime import timedelta

from citizen import clock
from citizen.db import db
from citizen.demo import papers
from citizen.demo.dossier import Stage
from citizen.demo.nqe import Lead, Summer
from citizen.demo.pictures import drawn
from citizen.kernel.access import Actor
from citizen.nqe import edition, equipment, registration
from citizen.nqe.models import NqeProject
from citizen.people.signing import actor_of, hashed
from citizen.projects.models import Project
from citizen.projects.steps import S

# (kind, what, how many, where, conditions)
LENT = (
    ("stage", "Scène mobile de 24 m²", 1, "Atelier municipal, rue du Port", "Deux personnes pour monter, camion fourni."),
    ("tent", "Barnums 3 × 3 m", 6, "Local associatif, place du marché", "À rendre secs et pliés."),
    ("cups", "Gobelets lavables", 800, "Centre social", "À rendre lavés ; un euro par gobelet perdu."),
    ("furniture", "Tables et bancs", 40, "Maison de quartier", ""),
    ("transport", "Vélo cargo", 2, "Les Fenêtres ouvertes, cour du fond", "Casque prêté."),
)
OPINION = "Le programme complète bien celui de la ville. Attention au bruit après 22 heures place de l’église."
READ = "Un dossier solide, des habitants présents dès la préparation. Reste à préciser le plan de repli des grandes dates."


EXAMPLES = "Un brumisateur fait avec les jeunes, une sieste contée sous les arbres, un repas du soir plutôt qu’à midi."
QUESTIONS = ["Où trouve-t-on de l’ombre dans nos quartiers ?", "Qui souffre le plus de la chaleur, et comment l’inviter ?"]
KIT = (
    ("text", "Notice de l’édition", ("Les quatre principes, les dates, la grille écoresponsable.", "Document inventé.")),
    ("kit", "Logo et mention obligatoire", ("« Avec le soutien de la Région Hauts-de-France ».", "Document inventé.")),
)


def present(summer: Summer) -> None:
    """The theme of the summer to come: its picture, examples and questions, what may be downloaded."""
    year, officer = summer.edition.year, summer.officer
    with summer.stage.days.at(-60):
        edition.present(
            officer, year, theme_text=summer.edition.theme_text, examples=EXAMPLES, questions=QUESTIONS,
            image=io.BytesIO(drawn("trees")), filename="theme.png",
        )  # fmt: skip
        for kind, title, lines in KIT:
            stream = io.BytesIO(papers.page(title, lines))
            edition.add_document(officer, year, kind=kind, title=title, stream=stream, filename=f"{kind}.pdf")


def lend(stage: Stage, leads: list[Lead]) -> None:
    """Each of the first associations lends something."""
    for lead, (kind, label, quantity, place, conditions) in zip(leads, LENT, strict=False):
        with stage.days.at(-40):
            actor = _speaking(lead)
            values = {"kind": kind, "label": label, "quantity": quantity, "place": place, "conditions": conditions}
            equipment.offer(actor, None, lead.association.id, values)


def _speaking(lead: Lead) -> Actor:
    """Who speaks for the association, with the duties held now."""
    found = actor_of(lead.bearer.person_id or 0)
    assert found is not None
    return found


def play(summer: Summer, lead: Lead, project_id: int) -> None:
    """What happens around one project of the summer to come, by the state it is in."""
    project = db.session.get_one(Project, project_id)
    assert isinstance(project, NqeProject)
    if project.state == S.GRANTED and project.programme:
        _borrow(summer, lead, project)
    elif project.state in (S.SUBMITTED, S.ADMISSIBLE):
        _instruct(summer, project)
    elif project.state == S.DRAFT and project.partners:
        with summer.stage.days.at(-1):
            registration.ask_partner(lead.bearer, project_id, project.partners[0].id, "partenaire@exemple.fr")


def _borrow(summer: Summer, lead: Lead, project: NqeProject) -> None:
    """Cups and tents for the days of its highlights, when some are left."""
    days = [event.on for event in project.programme if event.is_highlight][:2]
    things = [one for one in equipment.board() if one.kind in ("cups", "tent")]
    with summer.stage.days.at(-3):
        for day in days:
            for thing in things:
                quantity = 2 if thing.kind == "tent" else 150
                left = thing.quantity - dict(equipment.taken(thing.id, day)).get(day, 0)
                if clock.today() <= day and left >= quantity:
                    equipment.book(lead.bearer, thing.id, project.id, first=day, last=day, quantity=quantity)


def read(officer: Actor, project: NqeProject) -> None:
    """The Region's grid, filled."""
    marks = {
        line: {"mark": ("convincing", "unclear")[rank % 3 == 2], "words": ""}
        for rank, line in enumerate(project.terms.reading_grid)
    }
    registration.instruct(officer, project.id, seen="", officer_id=officer.person_id, marks=marks, words=READ)


def _instruct(summer: Summer, project: NqeProject) -> None:
    """An officer reads it; the commune has answered. Where admissibility is not judged yet, the intermunicipality has not."""
    town = project.commune.name if project.commune else "La commune"
    with summer.stage.days.at(-4, 10):
        read(summer.officer, project)
        due = clock.today() + timedelta(days=18)
        asked = (("commune", town), ("intermunicipality", "L’agglomération"))
        for level, body in asked if project.state == S.SUBMITTED else asked[:1]:
            registration.ask_opinion(
                summer.officer, project.id, level=level, body=body, email=f"{level}@exemple.fr", due_on=due
            )
    with summer.stage.days.at(-2, 16):
        opinion = next(one for one in project.opinions if one.level == "commune")
        opinion.token_hash = hashed(token := f"demo-{opinion.id}")
        db.session.flush()
        registration.answer_opinion(token, outcome="reserved", words=OPINION, signed_by="L’adjointe à la vie des quartiers")
