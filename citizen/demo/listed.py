"""A vote on the commune's list: invented people, their letters, and some codes left for visitors of the demonstration."""

import json
from collections.abc import Iterator

from flask import current_app

from citizen.ballots import codes, roll, signing
from citizen.ballots.models import Poll
from citizen.ballots.rules import RollKind, WithCode
from citizen.ballots.showing import DEMO_CODES
from citizen.demo.dossier import Stage
from citizen.demo.names import invented
from citizen.kernel.access import Actor

LISTED, SHOWN = 40, 6


def load(stage: Stage, officer: Actor, poll: Poll) -> Iterator[WithCode]:
    """The list and its letters; gives those who vote by their code, the last ones keeping theirs for visitors."""
    names = invented(stage.cast.dice)
    lines = [
        f"{number};{last};{first}" for number, (first, last) in enumerate((next(names).split() for _n in range(LISTED)), 1)
    ]
    roll.set_kind(officer, poll.id, RollKind.LISTED)
    roll.keep_list(officer, poll.id, "\n".join(["numero;nom;prenom", *lines]).encode())
    roll.confirm_list(officer, poll.id)
    letters = codes.make(officer, poll.id, for_list=True)
    shown = current_app.config["SETTINGS"].data / DEMO_CODES
    shown.write_text(json.dumps({str(poll.id): [letter.code for letter in letters[-SHOWN:]]}))
    return (WithCode(signing.hashed(letter.code)) for letter in letters[:-SHOWN])
