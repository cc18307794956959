"""Works of the demonstration after the commune's act: each milestone, a delay with its cause, before and after, the use."""

from citizen.demo import dossier
from citizen.demo.dossier import Stage
from citizen.ftu import polling, works
from citizen.ftu.milestones import KINDS, months_after
from citizen.ftu.works import Money, Told
from citizen.kernel.access import Actor
from citizen.projects.steps import S

# Days after the act when each milestone is promised.
PROMISED = dict(zip(KINDS, (20, 35, 60, 80, 84, 90), strict=True))
RESPONSIBLE = {
    "specification": "Service espaces publics",
    "order": "Service de la commande publique",
    "start": "Régie de quartier",
}
RESERVED = "Un dossier de banc à resserrer, fait la semaine suivante."
LATE = "Les entreprises ont d’abord répondu trop cher : la commande est repassée."
SPOT = "Depuis l’entrée, vers les arbres"
MEND = (
    "Une planche grince près de l’arbre.",
    "Un peu plus d’ombre l’été, s’il vous plaît.",
    "La poubelle déborde le dimanche.",
)
REPLY = "La planche est revissée et la poubelle sera vidée aussi le dimanche. Un arbre de plus est prévu à l’automne."
FOLLOWERS = 14


def play(stage: Stage, officer: Actor, project_id: int, day: int, goal: S, scene: str) -> None:
    """Promised at the act; built whole when its team reports, else as far as its number says."""
    days, rank = stage.days, project_id % 5
    promised = {kind: day + after for kind, after in PROMISED.items()}
    told = {
        kind: Told(days.on(when), responsible=RESPONSIBLE.get(kind, "Régie de quartier")) for kind, when in promised.items()
    }
    with days.at(day + 2, 11):
        works.follow(officer, project_id, told)
        photo = works.photograph(officer, project_id, spot=SPOT, prepared=stage.album.picture("trees"))
    if goal in (S.CLOSED, S.REPORT_SUBMITTED):
        _build(stage, officer, project_id, promised, 12 if rank == 0 else 0)
        with days.at(day + 110, 10):
            works.photograph_again(officer, photo.id, stage.album.picture(scene))
    elif promised["opening"] < 0:
        _go_on(stage, officer, project_id, promised, rank)


def _told(stage: Stage, kind: str, planned: int, done: int | None = None, cause: str = "") -> Told:
    days = stage.days
    return Told(
        days.on(planned), None if done is None else days.on(done), RESPONSIBLE.get(kind, "Régie de quartier"), cause,
        RESERVED if kind == "acceptance" and done is not None else "",
    )  # fmt: skip


def _build(stage: Stage, officer: Actor, project_id: int, promised: dict[str, int], late: int) -> None:
    """Everything is done, some days late."""
    cause = "Il a gelé deux semaines : le béton ne prenait pas." if late else ""
    told = {kind: _told(stage, kind, when + late, when + late, cause) for kind, when in promised.items()}
    with stage.days.at(promised["opening"] + late, 17):
        works.follow(officer, project_id, told)


def _go_on(stage: Stage, officer: Actor, project_id: int, promised: dict[str, int], done: int) -> None:
    """The first milestones are done; what comes is told again for later, and why."""
    told = {
        kind: _told(stage, kind, when, when) if number < done else _told(stage, kind, 20 + 15 * number, cause=LATE)
        for number, (kind, when) in enumerate(promised.items())
    }
    with stage.days.at(-20, 17):
        works.follow(officer, project_id, told)


def account(stage: Stage, officer: Actor, project_id: int, day: int, cost: int, real: int | None = None) -> None:
    """What was asked of the Region; with the real cost, also what it answered."""
    with stage.days.at(day, 16):
        asked = {"asked_cents": cost * 2 // 5, "asked_on": stage.days.on(day)}
        answer = {
            "agreed_cents": cost * 2 // 5,
            "answered_on": stage.days.on(day),
            "reference": f"CP {stage.days.on(day).year}-{project_id:04d}",
        }
        works.account(officer, project_id, Money(**asked, **(answer if real else {}), real_cents=real))  # type: ignore[arg-type]


def use(stage: Stage, officer: Actor, project_id: int) -> None:
    """Six months after the opening, who follows answers and the commune replies, when these days have come."""
    opened_on = works.milestones_of(project_id)["opening"].done_on
    asked = stage.days.offset(months_after(opened_on, 6)) if opened_on else 0
    if asked > -6:
        return
    dossier.followed(stage, project_id, FOLLOWERS)
    dice = stage.cast.dice
    with stage.days.at(asked, 8):
        links = polling.ask(project_id, 6)
    with stage.days.at(asked + 3, 19):
        for rank, link in enumerate(links):
            used, said = dice.choice(("often", "often", "sometimes", "no")), dice.choice(("yes", "yes", "partly"))
            polling.answer(link, used=used, works=said, mend=MEND[rank] if rank < len(MEND) else "")
    with stage.days.at(asked + 5, 10):
        polling.reply(officer, project_id, text=REPLY)
