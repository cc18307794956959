"""What may leave the house: every column of every table, sorted once; what is not sorted fails the tests.

- public: may stand in a published file, for the rows that an anonymous page shows;
- guarded: may stand there only through a rule named where it is read, which hides it in some rows (a place to a hundred metres,
  a count of few people, the name of a group of residents);
- internal: stays in the house; free texts are there even where a page shows them, since they may name somebody;
- personal: says something of a person;
- sealed: would open a door, or tell what somebody voted.

Source: règlement (UE) 2016/679, art. 25 (protection by design).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, TextClause
from sqlalchemy.sql import visitors


@dataclass(frozen=True)
class Sorted:
    """The columns of one table, as names separated by spaces."""

    public: str = ""
    guarded: str = ""
    internal: str = ""
    personal: str = ""
    sealed: str = ""

    @property
    def columns(self) -> list[str]:
        """Every name, once for each time it is written."""
        return [name for kind in fields(self) for name in getattr(self, kind.name).split()]


class Unsorted(Exception):
    """A table or a column that nobody sorted: write it in ``TABLES``."""


def kind_of(table: str, column: str) -> str:
    """« public », « guarded », « internal », « personal » or « sealed »."""
    found = [kind.name for kind in fields(Sorted) if table in TABLES and column in getattr(TABLES[table], kind.name).split()]
    if len(found) != 1:
        raise Unsorted(f"{table}.{column}")
    return found[0]


class NotPublic(Exception):
    """A published file would read a column that stays in the house."""


def only_public(query: Select[*tuple[Any, ...]], guards: Mapping[str, object]) -> None:
    """Refuses a query that gives anything but public columns, and guarded ones with the rule that guards each of them."""
    for given in (*query.selected_columns, *(told["expr"] for told in query.column_descriptions)):
        for column in _read_by(given):
            name = f"{column.table.name}.{column.name}"
            kind = kind_of(column.table.name, column.name)
            if kind != "public" and not (kind == "guarded" and name in guards):
                raise NotPublic(f"{name} ({kind})")


def _read_by(given: ColumnElement[Any]) -> Iterator[Column[Any]]:
    """The columns of tables that an expression reads, through subqueries; SQL written by hand hides them."""
    for part in visitors.iterate(given):
        if isinstance(part, TextClause) or (getattr(part, "is_literal", False) and str(part) != "*"):
            raise NotPublic(str(part))
        for base in getattr(part, "base_columns", ()):
            if isinstance(base, Column):
                yield base
            elif base is not part:
                yield from _read_by(base)


# fmt: off
TABLES: dict[str, Sorted] = {
    "agenda_item": Sorted(internal="id session_id project_id position hearing left_at decision_id"),
    "agreement": Sorted(personal="project_id person_id signed_name signed_at"),
    "attachment": Sorted(internal="id project_id document_id line_id report_line_id kind caption amount_cents"),
    "attempt": Sorted(sealed="key tries next_at last_at"),
    "attendance": Sorted(personal="id session_id seat_id arrived_at left_at"),
    "ballot": Sorted(sealed="receipt poll_id nonce paper"),
    "ballot_choice": Sorted(sealed="receipt option_id poll_id rank"),
    "bank_details": Sorted(personal="id person_id organisation_id fund_id holder entered_at", sealed="iban bic"),
    "booking": Sorted(personal="id event_id name contact people is_held booked_at"),
    "budget_line": Sorted(internal="id project_id account side nature label amount_cents"),
    "call_funder": Sorted(public="call_id position name percent"),
    "campaign": Sorted(public="id"),
    "campaign_perimeter": Sorted(public="campaign_id perimeter_id"),
    "campaign_phase": Sorted(public="campaign_id kind first_on last_on"),
    "city_contract": Sorted(public="id slug title state starts_on ends_on review_due_on review_held_on about review_clause", internal="search_name"),
    "closing": Sorted(public="kind", internal="project_id eligible_cents closed_on", personal="closed_by"),
    "code_batch": Sorted(internal="id poll_id number size made_at"),
    "collection": Sorted(public="id title is_shown", internal="text made_at", personal="made_by"),
    "collection_item": Sorted(public="collection_id project_id position"),
    "committee_session": Sorted(internal="id fund_id held_at place kind opened_at paused_at closed_at president_seat_id secretary_seat_id minutes_each changes cancelled_at cancel_reason"),
    "commune": Sorted(public="code name departement siren population postal_codes intermunicipality_siren", internal="search_name"),
    "completion_point": Sorted(internal="id project_id target words asked_at due_on status answer answered_at settled_at", personal="asked_by"),
    "condition_word": Sorted(internal="agenda_item_id condition verdict reason"),
    "contract_commune": Sorted(public="contract_id commune_code"),
    "contract_intermunicipality": Sorted(public="contract_id siren"),
    "contract_perimeter": Sorted(public="contract_id perimeter_id"),
    "contract_signatory": Sorted(public="id contract_id name kind signed_on"),
    "convocation": Sorted(personal="id session_id seat_id project_id starts_at place changes told_at cancelled_at answer answered_at proxy_seat_id"),
    "cost_line": Sorted(internal="id project_id label unit quantity low_cents high_cents chosen_cents source"),
    "decision": Sorted(public="id project_id outcome amount_cents act_reference decided_on", internal="reason evidence", personal="decided_by"),
    "descent": Sorted(public="project_id origin_id", internal="copied_at"),
    "desk_ticket": Sorted(sealed="ticket_hash voter_id expires_at"),
    "document": Sorted(internal="id key name media_type byte_size sha256 is_image width height uploaded_at", personal="uploaded_by_id"),
    "draft_ballot": Sorted(sealed="voter_id option_ids chosen_on reminders"),
    "duty": Sorted(personal="id person_id role on"),
    "edition": Sorted(public="id year ordinal theme_title season_starts_on season_ends_on", internal="theme_text axes examples questions image_id"),
    "edition_document": Sorted(internal="id edition_id document_id kind title"),
    "edition_draft": Sorted(internal="fund_id source_id content reread saved_at", personal="saved_by"),
    "envelope": Sorted(internal="id scheme year title parent_id contract_id act_reference adopted_on left_cents"),
    "envelope_transfer": Sorted(internal="id giver_call_id giver_envelope_id taker_call_id taker_envelope_id amount_cents act_reference reason side state proposed_at decided_at answer", personal="proposed_by decided_by"),
    "equipment": Sorted(internal="id organisation_id kind label quantity place conditions is_withdrawn"),
    "equipment_day": Sorted(internal="equipment_id project_id day quantity booked_at"),
    "event": Sorted(internal="id subject action from_state to_state reason at", personal="actor_id"),
    "event_day": Sorted(internal="event_id interested takes_bookings booked shelter participants"),
    "event_follower": Sorted(personal="id event_id email asked_at confirmed_at"),
    "extraordinary_request": Sorted(personal="id fund_id person_id reason asked_at answered_at refusal session_id"),
    "final_report": Sorted(public="project_id held_on actual_cost_cents sent_at", guarded="participants from_quarter newcomers children teenagers young adults seniors women volunteers", internal="place story obstacles learnt differently will_go_on paperwork_minutes points"),
    "follow": Sorted(personal="project_id person_id"),
    "former_member": Sorted(personal="project_id person_id left_at"),
    "ftu_project": Sorted(internal="id need solution visible_change is_lasting inclusion_women inclusion_disabled inclusion_seniors land estimate_cents is_feasible study_reason upkeep safety studied_cost_cents studied_at better_exit bearer_link shared_at inclusion_found"),
    "fund": Sorted(public="id scheme slug title organisation_id commune_code parent_id"),
    "fund_commune": Sorted(public="fund_id commune_code"),
    "fund_perimeter": Sorted(public="fund_id perimeter_id"),
    "funding_call": Sorted(public="id scheme fund_id title opens_on closes_on envelope_cents committed_cents paid_cents", internal="ruleset_id reserved_cents envelope_id"),
    "handover": Sorted(personal="project_id member_id offered_at"),
    "hiding": Sorted(internal="id project_id news_id attachment_id reason hidden_at answer answered_at lifted_at lifted_reason", personal="hidden_by"),
    "incident": Sorted(personal="id event_id kind words at author_id"),
    "intermunicipality": Sorted(public="siren name kind population"),
    "joining": Sorted(internal="id project_id into_id asked_id words proposed_at answered_at is_accepted"),
    "ledger_entry": Sorted(public="id call_id project_id kind amount_cents other_call_id day", guarded="reference", internal="source target at envelope_id other_envelope_id transfer_id", personal="actor_id"),
    "mailed_link": Sorted(sealed="token_hash purpose person_id expires_at used_at"),
    "member_note": Sorted(personal="person_id project_id text is_kept changed_at"),
    "membership": Sorted(personal="id organisation_id person_id"),
    "minutes": Sorted(internal="session_id content public content_hash sealed_at"),
    "month_picture": Sorted(public="month project_id", internal="attachment_id credit words chosen_at", personal="chosen_by"),
    "news": Sorted(internal="id project_id text at", personal="author_id"),
    "nqe_opinion": Sorted(personal="id project_id level body email asked_at due_on answered_at reminded_at outcome words signed_by", sealed="token_hash"),
    "nqe_partner": Sorted(personal="id project_id name role has_agreed share_cents email expires_at answered_at signed_by", sealed="token_hash"),
    "nqe_project": Sorted(internal="id theme_links design delivery evaluation eco_scores is_free is_already_funded derogation is_derogation_granted derogation_answer steering_residents steering publics expected_people"),
    "nqe_reading": Sorted(personal="project_id officer_id marks words changed_at"),
    "opinion": Sorted(personal="id project_id kind name email words asked_at due_on reminded_at verdict reason signature answered_at cancelled_at"),
    "organisation": Sorted(public="id kind contact", guarded="name rna siret", internal="created_at"),
    "outbox_letter": Sorted(personal="id to subject body enclosure written_at sent_at tries next_try_at is_untraced"),
    "outcome": Sorted(internal="id agenda_item_id version question_id action amount_cents sentence easy asked verdicts evidence correction settled_at", personal="settled_by_id"),
    "paper_box": Sorted(internal="id poll_id number place held_on supplied unused spoiled found blank void mixed_into_id"),
    "paper_entry": Sorted(sealed="box_id turn number mark chosen"),
    "paper_gap": Sorted(internal="poll_id difference reason"),
    "paper_reading": Sorted(personal="box_id turn person_id"),
    "participation": Sorted(sealed="voter_id poll_id channel voted_on receipt"),
    "payment_batch": Sorted(internal="id fund_id created_at", personal="created_by"),
    "payment_order": Sorted(internal="id batch_id project_id position amount_cents bank_id state paid_on reference reason"),
    "pending_list": Sorted(personal="poll_id rows"),
    "perimeter": Sorted(public="id code name kind version valid_from valid_until departement population lon lat outline", internal="search_name"),
    "perimeter_commune": Sorted(public="perimeter_id commune_code"),
    "perimeter_intermunicipality": Sorted(public="perimeter_id siren"),
    "person": Sorted(personal="id email name verified_at is_suspended created_at", sealed="password_hash demo_role"),
    "pic_afterwards": Sorted(internal="project_id condition mark words"),
    "pic_judgement": Sorted(internal="agenda_item_id condition verdict reason"),
    "pic_project": Sorted(internal="id task_sharing learning is_first_project help_received is_open_to_all price_cents publicity accessibility is_anyone_paid need_spotted need_evidence why_now"),
    "poll": Sorted(public="id call_id kind title roll_kind max_choices min_votes envelope_cents rule ties has_each_sector draw_text draw_number box_digest opens_at closes_at tallied_at", guarded="ballot_count", internal="announcement electorate compared"),
    "poll_count": Sorted(internal="poll_id rule left_cents served is_recounted lines"),
    "poll_head": Sorted(internal="poll_id number day hash", sealed="seal"),
    "poll_line": Sorted(internal="poll_id number day kind content hash"),
    "poll_option": Sorted(public="id poll_id project_id number cost_cents sector rival_group", guarded="title"),
    "poll_result": Sorted(public="option_id position is_selected", guarded="votes remaining_cents", internal="said"),
    "programme_event": Sorted(public="id project_id title on starts_at ends_at place perimeter_id kind audience is_highlight is_accessible status planned_on planned_at lon lat", internal="details permit fallback capacity note changes changed_at"),
    "programme_import": Sorted(internal="project_id name content at"),
    "promise_day": Sorted(public="project_id slug due_on done_on"),
    "promise_stamp": Sorted(internal="id event_id entry_id at"),
    "project": Sorted(public="id scheme state title themes organisation_id call_id commune_code perimeter_id starts_on ends_on cost_cents granted_cents decided_on published_at", guarded="lon lat", internal="summary description ruleset_id place location is_location_confirmed requested_cents created_at changed_at lodged_at is_public advised search_text", personal="bearer_id"),
    "project_helper": Sorted(personal="id project_id person_id quality offered_at consented_at consented_by words ended_at"),
    "project_quarter": Sorted(public="project_id perimeter_id"),
    "project_support": Sorted(personal="project_id person_id version at told_at"),
    "project_version": Sorted(internal="id project_id number at content"),
    "proxy": Sorted(personal="id session_id giver_id holder_id given_at ended_at"),
    "publication": Sorted(public="id project_id summary published_at", internal="story differently cover_id cover_words has_consents names_region is_reread withdrawn_at withdrawn_reason", personal="published_by withdrawn_by"),
    "publishing_delegation": Sorted(internal="fund_id given_at", personal="given_by"),
    "question": Sorted(internal="id agenda_item_id subject action amount_cents asked is_secret opened_at closed_at votes_for votes_against abstentions casting result"),
    "recusal": Sorted(personal="agenda_item_id seat_id ground source at"),
    "remark": Sorted(personal="id session_id project_id author_id text at"),
    "renewal_perimeter": Sorted(public="renewal_site_id perimeter_id"),
    "renewal_site": Sorted(public="id contract_id name kind"),
    "report_line": Sorted(internal="id project_id line_id side nature label spent_cents set_aside_reason"),
    "report_picture": Sorted(internal="attachment_id project_id shows_people has_consent", personal="consent_kept_by"),
    "ruleset": Sorted(public="id fund_id version terms adopted_on act_reference"),
    "ruleset_draft": Sorted(internal="fund_id terms saved_at", personal="saved_by"),
    "season_review": Sorted(internal="edition_id held_on place words published_at"),
    "seat": Sorted(personal="id fund_id person_id name email college is_voting office starts_on ends_on"),
    "secret_ballot": Sorted(sealed="id question_id choice"),
    "sent_reminder": Sorted(internal="id project_id kind sent_at"),
    "sign_in": Sorted(sealed="token_hash person_id opened_at expires_at"),
    "signature": Sorted(personal="session_id office content_hash person_id signed_at"),
    "summer_quote": Sorted(personal="id project_id words said_by consent_kept_by"),
    "summer_report": Sorted(internal="project_id waste_kg reused_percent"),
    "team_count": Sorted(internal="project_id people women young declared_at"),
    "team_invitation": Sorted(personal="id project_id member_id name email quality words invited_by sent_at expires_at", sealed="token_hash"),
    "team_member": Sorted(personal="id project_id person_id name household task role is_presenter joined_at"),
    "team_task": Sorted(internal="id project_id label member_id is_done"),
    "territory_stamp": Sorted(internal="id value"),
    "use_answer": Sorted(sealed="id project_id months used works mend"),
    "use_link": Sorted(sealed="token_hash project_id months"),
    "use_poll": Sorted(internal="project_id months opened_on closes_on asked reply replied_on"),
    "used_key": Sorted(internal="key used_at"),
    "vote": Sorted(sealed="question_id seat_id holder_id choice"),
    "voter": Sorted(personal="id poll_id person_id list_number last_name first_name search_name origin added_reason struck_at struck_reason"),
    "voter_code": Sorted(sealed="code_hash poll_id batch_id serial voter_id void_at void_reason"),
    "walk": Sorted(internal="id fund_id perimeter_id organisation_id title held_on people created_at closed_at", personal="opened_by"),
    "walk_point": Sorted(internal="walk_id number kind sentence place lon lat document_id at project_id offered_at service sent_at answer done_at", personal="added_by"),
    "works_act": Sorted(internal="decision_id kind reference acted_on budget_line departs_from"),
    "works_milestone": Sorted(public="project_id kind promised_on planned_on done_on", internal="cause reservations", personal="responsible"),
    "works_money": Sorted(public="project_id asked_cents asked_on agreed_cents answered_on reference real_cents"),
    "works_move": Sorted(internal="id project_id text at told_at"),
    "works_photo": Sorted(internal="id project_id spot before_id after_id"),
    "writing_day": Sorted(personal="project_id person_id on"),
}
# fmt: on
