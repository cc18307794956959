"""What each demonstration account finds when it opens: projects of its own, at the right moment."""

from sqlalchemy import select

from citizen.committees import services as committees
from citizen.db import db
from citizen.demo import dossier, groups, pic
from citizen.demo.dossier import Plan, Stage
from citizen.demo.idea_stories import IDEAS, WITHDRAWN_IDEA
from citizen.demo.pic import Room
from citizen.demo.pic_stories import PIC_STORIES
from citizen.demo.places import Quarter
from citizen.pic import services as answers
from citizen.pic.models import PicProject
from citizen.projects import hiding
from citizen.projects import services as life
from citizen.projects.models import Project
from citizen.projects.steps import S

FESTIVE, GRANTED = PIC_STORIES[0], PIC_STORIES[5]


def propose_ideas(stage: Stage, quarters: list[Quarter], number: int) -> None:
    """Ideas that wait, one of them withdrawn, and the resident's own."""
    dice = stage.cast.dice
    for rank, (title, summary) in enumerate((*IDEAS[:number], WITHDRAWN_IDEA)):
        quarter = quarters[rank * 5 % len(quarters)]
        bearer, day = stage.cast.resident(), -dice.randint(2, 60)
        with stage.days.at(day, dice.randint(8, 22)):
            idea = life.propose(
                bearer, title=title, summary=summary, commune_code=quarter.commune, perimeter_id=quarter.perimeter_id
            )
        if title == WITHDRAWN_IDEA[0]:
            dossier.step(stage, bearer, idea.id, day + 1, "withdraw")
        else:
            dossier.followed(stage, idea.id, dice.randint(0, 3))
    with stage.days.at(-3, 20):
        quarter = quarters[0]
        life.propose(
            stage.cast.account("resident"), title="Un repas de rue pour les cent ans de la cité", commune_code=quarter.commune,
            perimeter_id=quarter.perimeter_id, summary="La cité a cent ans cette année : une grande table, des photos et une chanson.",
        )  # fmt: skip


def nearly_ready(room: Room, quarter: Quarter) -> None:
    """The resident's draft: all is written but a quote and a date that leaves the committee its time."""
    stage, resident = room.stage, room.stage.cast.account("resident")
    spot, day = quarter.spot(stage.cast.dice), stage.days.on(80)
    title = "La fête des voisins et des balcons fleuris"
    call = room.call_on(-1)
    project_id = dossier.begin(stage, resident, -9, PicProject, call.id, title=title, summary=FESTIVE.summary, spot=spot)

    def write(project: Project) -> None:
        themes = [call.ruleset.terms["themes"][FESTIVE.theme]]
        dossier.describe(
            project, text=FESTIVE.text, themes=themes, spot=spot, plan=Plan(day, day, FESTIVE.costs, 800, gift=FESTIVE.gift)
        )
        dossier.gather(stage, project, resident, 5)

    dossier.write(stage, resident, project_id, -4, write)
    groups.gather(stage, resident, project_id, -4)
    with stage.days.at(-2, 21):
        answers.answer(
            resident, project_id, task_sharing="Je m’occupe du budget, Awa des affiches, les autres du matériel.", learning=FESTIVE.learning,
            is_open_to_all=True, price_cents=0, publicity="Affiches dans les halls, mot dans les cartables et au marché.",
            is_anyone_paid=False, need_spotted=FESTIVE.need, need_evidence=FESTIVE.evidence, why_now=FESTIVE.why,
        )  # fmt: skip


def follow_some(stage: Stage) -> None:
    """The resident and the bearer want news of what happens around them."""
    mine = (Project.is_public, Project.scheme != "idea", Project.commune_code == "59360")
    for account in ("resident", "bearer"):
        for project_id in db.session.scalars(select(Project.id).where(*mine).order_by(Project.changed_at.desc()).limit(4)):
            life.follow(stage.cast.account(account), project_id, is_following=True)


def granted(room: Room) -> None:
    """The bearer's project, granted last week, to happen soon."""
    stage, bearer = room.stage, room.stage.cast.account("bearer")
    day, session = next((held, one) for held, one in room.sessions.items() if -10 < held < 0)
    project_id, asked = pic.draft(room, bearer, GRANTED, day - 20, 26)
    pic.lodge(room, bearer, project_id, day - 20)
    dossier.step(stage, room.manager, project_id, day - 19, "admit")
    with stage.days.at(day - 18):
        item = committees.inscribe(room.manager, session.id, project_id)
    pic.decide(room, item.id, day, S.GRANTED, asked)
    dossier.followed(stage, project_id, 6)
    dossier.tell(stage, bearer, project_id, -1, GRANTED.news, GRANTED.scene)
    dossier.tell(stage, bearer, project_id, -1, "Le gardien du gymnase nous a encore dit non, c’est lui qu’il faut changer !")
    with stage.days.at(-1, 21):
        news = max(one.id for one in db.session.get_one(Project, project_id).news)
        hiding.hide(room.manager, project_id, f"news-{news}", "Cette nouvelle vise une personne que chacun reconnaît.")
