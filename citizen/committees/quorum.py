"""Who makes a committee able to decide, and what a vote decides; the numbers are the fund's rules. Source: règlement du fonds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from citizen.kernel.findings import Finding, Status, blocking
from citizen.kernel.words import N_, Words

OFFICES = {"member": N_("membre"), "president": N_("présidence"), "secretary": N_("secrétariat")}
SOURCE = N_("Règlement du fonds, comité")
SECRET_FROM = 3  # people who vote: with fewer, the count or one's own ballot tells what another chose


class Procedure(Protocol):
    """What the rules in force on the day of the session say of the committee."""

    @property
    def voting_colleges(self) -> list[str]: ...
    @property
    def advisory_colleges(self) -> list[str]: ...
    @property
    def min_resident_members(self) -> int: ...
    @property
    def quorum_members(self) -> int: ...
    @property
    def quorum_percent(self) -> int: ...


@dataclass(frozen=True)
class Member:
    """A seat in office during a session, or for one item of it; ``is_represented``: a proxy is held by somebody who may vote."""

    seat_id: int
    name: str
    college: str
    is_voting: bool
    office: str = "member"
    is_present: bool = False
    is_represented: bool = False
    is_recused: bool = False

    @property
    def counts(self) -> bool:
        """Votes, and is there or represented."""
        return self.is_voting and not self.is_recused and (self.is_present or self.is_represented)


@dataclass(frozen=True)
class College:
    """How a college stands: in office, present, represented."""

    name: str
    is_voting: bool
    members: int
    present: int
    represented: int


@dataclass(frozen=True)
class Quorum:
    """Whether the committee can decide, and how each college stands."""

    findings: Sequence[Finding]
    colleges: Sequence[College]
    counted: int
    needed: int

    @property
    def is_met(self) -> bool:
        return not blocking(self.findings)


def quorum(members: Iterable[Member], rules: Procedure) -> Quorum:
    """The committee's ability to decide, members recused being neither in office nor present for the item.

    Source: règlement du fonds, quorum; code général des collectivités territoriales, article L. 1111-6 (par analogie).
    """
    sitting = [one for one in members if not one.is_recused]
    voters = [one for one in sitting if one.is_voting]
    counted = sum(one.counts for one in voters)
    needed = max(1, rules.quorum_members, -(-len(voters) * rules.quorum_percent // 100))
    findings = [_enough(counted, needed, voters)]
    if rules.min_resident_members and rules.voting_colleges:
        findings.append(_residents(voters, rules))
    return Quorum(findings, _colleges(sitting, rules), counted, needed)


def _enough(counted: int, needed: int, voters: Sequence[Member]) -> Finding:
    awaited = ", ".join(one.name for one in voters if not one.counts)
    return Finding(
        "committee-quorum", Status.MET if counted >= needed else Status.MISSING, N_("Le quorum"),
        Words("Membres votants présents ou représentés : %(counted)d sur %(voters)d.", counted=counted, voters=len(voters)),
        Words("Il en faut au moins %(needed)d.", needed=needed), SOURCE,
        Words("Il en manque %(gap)d, parmi : %(names)s. Attendez ces personnes, ou notez leur procuration.",
              gap=max(0, needed - counted), names=awaited or "–"),
    )  # fmt: skip


def _residents(voters: Sequence[Member], rules: Procedure) -> Finding:
    first, least = rules.voting_colleges[0], rules.min_resident_members
    present = sum(one.is_present for one in voters if one.college == first)
    return Finding(
        "committee-residents", Status.MET if present >= least else Status.MISSING,
        Words("Le collège « %(college)s »", college=first), Words("Membres présents : %(count)d.", count=present),
        Words("Au moins %(least)d de ses membres sont dans la salle.", least=least), SOURCE,
        Words("Il manque %(gap)d membres de ce collège.", gap=max(0, least - present)),
    )  # fmt: skip


def _colleges(sitting: Sequence[Member], rules: Procedure) -> list[College]:
    """Every college of the rules, in their order, then those that the rules no longer know."""
    names = dict.fromkeys([*rules.voting_colleges, *rules.advisory_colleges, *(one.college for one in sitting)])
    of = {name: [one for one in sitting if one.college == name] for name in names}
    return [
        College(
            name, name in rules.voting_colleges, len(found), sum(one.is_present for one in found),
            sum(one.is_represented and not one.is_present for one in found),
        )
        for name, found in of.items()
        if found or name in rules.voting_colleges
    ]  # fmt: skip


def composition(members: Sequence[Member], rules: Procedure) -> list[Finding]:
    """What the committee lacks to sit as its rules say. Source: règlement du fonds, composition du comité."""
    known = {*rules.voting_colleges, *rules.advisory_colleges}
    strays = sorted({one.college for one in members} - known)
    first = rules.voting_colleges[0] if rules.voting_colleges else ""
    count, least = sum(one.college == first for one in members), max(1, rules.min_resident_members)
    presidents = [one.name for one in members if one.office == "president"]
    return [
        Finding(
            "committee-residents-seats", Status.MET if count >= least else Status.MISSING,
            Words("Le collège « %(college)s »", college=first), Words("Membres nommés : %(count)d.", count=count),
            Words("Il en faut au moins %(least)d.", least=least), SOURCE, N_("Ajoutez des membres de ce collège."),
        ),
        Finding(
            "committee-president", Status.MET if presidents else Status.MISSING, N_("La présidence"),
            Words("Présidence : %(name)s.", name=presidents[0]) if presidents else N_("Personne ne préside le comité."),
            N_("Quelqu’un préside : sa voix peut compter en cas d’égalité."), SOURCE, N_("Donnez la présidence à un membre."),
        ),
        Finding(
            "committee-colleges", Status.MISSING if strays else Status.MET, N_("Les collèges"),
            Words("Collèges inconnus du règlement : %(names)s.", names=", ".join(strays)) if strays
            else N_("Chaque membre est dans un collège du règlement."),
            N_("Le règlement dit quels collèges siègent, et lesquels votent."), SOURCE, N_("Changez ces membres de collège."),
        ),
    ]  # fmt: skip


def verdict(votes_for: int, votes_against: int, abstentions: int, majority: str) -> str:
    """« adopted », « rejected » or « tied ». Source: règlement du fonds, majorité.

    « simple »: more for than against; « absolute »: more than half, abstentions counted; « two_thirds » of those for or against.
    """
    if majority == "two_thirds":
        return "adopted" if votes_for and votes_for * 3 >= (votes_for + votes_against) * 2 else "rejected"
    if votes_for == votes_against and (majority == "simple" or not abstentions):
        return "tied"
    against = votes_against + (abstentions if majority == "absolute" else 0)
    return "adopted" if votes_for > against else "rejected"
