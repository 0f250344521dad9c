"""Plain words become what each kind of Jira field takes, and a form becomes questions a person can answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.jira_tracker import JiraTracker
from bot.adapters.jira_values import asked, encoded
from bot.domain.ticket import TicketDraft, TicketField
from bot.errors import Refused
from bot.sandbox.jira_options import CustomField, JiraOptions, JiraUser
from tests.adapters.tracker.atlassian import watched_requests
from tests.adapters.tracker.jira_site import Hand

DRAFT = TicketDraft(label="fd-F-12", summary="F-12", description="Opened from D-7.")
OFFICES = [{"id": "7", "value": "Shenzhen"}, {"id": "8", "value": "Guangzhou"}]
KNOWN = {"mei@example.com": {"accountId": "712020:mei"}}
EVERY = (CustomField("customfield_1", "Text"), CustomField("customfield_2", "Cost centre", "number"),
         CustomField("customfield_3", "Needed by", "date"),
         CustomField("customfield_4", "Office", "option", ("Shenzhen", "Guangzhou")),
         CustomField("customfield_5", "Tags", "labels"), CustomField("customfield_6", "Contact", "user"))
GIVEN = {"customfield_1": "{product} for {customer}", "customfield_2": "12", "customfield_3": "{etd}",
         "customfield_4": "shenzhen", "customfield_5": "export, face", "customfield_6": "{owner}",
         "priority": "High", "components": "Security devices"}
FACTS = {"product": "FaceGate 300", "customer": "Hafen AG", "etd": "2026-12-18", "owner": "mei@example.com"}
MEI = JiraUser("712020:mei", "Mei Lin", "mei@example.com", "mlin")


def kind(type_, allowed=None, **schema):
    return {"schema": {"type": type_, **schema}} | ({"allowedValues": allowed} if allowed else {})


@pytest.mark.parametrize(
    ("field", "value", "sent"),
    [
        (kind("string"), " High ", "High"),
        (kind("number"), "5", 5),
        (kind("number"), "2.5", 2.5),
        (kind("number"), "many", "many"),
        (kind("date"), "2026-12-31", "2026-12-31"),
        (kind("option", OFFICES), "shenzhen", {"id": "7"}),
        (kind("option", OFFICES), "8", {"id": "8"}),
        (kind("option", OFFICES), "Atlantis", {"value": "Atlantis"}),
        (kind("option"), "Shenzhen", {"value": "Shenzhen"}),
        (kind("option-with-child"), "Asia / China", {"value": "Asia", "child": {"value": "China"}}),
        (kind("priority"), "High", {"name": "High"}),
        (kind("array", OFFICES, items="option"), "Shenzhen, Guangzhou", [{"id": "7"}, {"id": "8"}]),
        (kind("array", items="component"), ["Export"], [{"name": "Export"}]),
        (kind("array", items="string"), "a, b", ["a", "b"]),
        (kind("user"), "mei@example.com", {"accountId": "712020:mei"}),
        (kind("any"), "as it is", "as it is"),
        ({}, "as it is", "as it is"),
        (kind("option", OFFICES), {"id": "7"}, {"id": "7"}),
    ],
)
def test_words_become_what_the_field_takes(field, value, sent):
    assert encoded("customfield_1", value, field, rich=False, account=KNOWN.get) == sent


def test_a_long_text_is_a_document_where_jira_wants_one():
    long = kind("string", custom="com.atlassian.jira.plugin.system.customfieldtypes:textarea")
    assert encoded("customfield_1", "x", long, rich=True, account=KNOWN.get)["type"] == "doc"
    assert encoded("customfield_1", "x", long, rich=False, account=KNOWN.get) == "x"


def test_a_person_jira_does_not_know_is_refused_by_name_before_anything_is_sent():
    with pytest.raises(Refused, match=r"knows nobody of zoe@example\.com") as caught:
        encoded("customfield_6", "zoe@example.com", kind("user"), rich=False, account=KNOWN.get)
    assert list(caught.value.fields) == ["customfield_6"]


@pytest.mark.parametrize(
    ("field", "question"),
    [
        (kind("string"), TicketField("customfield_1", "Office")),
        (kind("option", OFFICES), TicketField("customfield_1", "Office", "choice", options=("Shenzhen", "Guangzhou"))),
        (kind("array", OFFICES, items="option"),
         TicketField("customfield_1", "Office", "choices", options=("Shenzhen", "Guangzhou"))),
        (kind("user") | {"required": True}, TicketField("customfield_1", "Office", "person", required=True)),
        (kind("date") | {"required": True, "hasDefaultValue": True}, TicketField("customfield_1", "Office", "date")),
        (kind("string", system="environment"), TicketField("customfield_1", "Office", "long_text")),
    ],
)
def test_a_field_of_the_form_becomes_a_question(field, question):
    assert asked(field | {"fieldId": "customfield_1", "name": "Office"}, filled=False) == question


@pytest.mark.parametrize("flavour", ["cloud", "server"])
def test_every_kind_of_field_written_in_words_is_taken_with_tickets_and_sub_tasks(jira_host, flavour):
    options = JiraOptions(flavour=flavour, users=(MEI,), custom_fields=EVERY, required={"EXP": tuple(GIVEN)})
    with watched_requests(), jira_host.jira(options, Hand()) as site:
        tracker = JiraTracker(site.access(fields=GIVEN))
        assert [each.id for each in tracker.asks(False) if each.required and not each.filled] == []
        parent = tracker.create(replace(DRAFT, facts=FACTS))
        keys = tracker.create_all([replace(DRAFT, label="fd-1", parent=parent, facts=FACTS)])
        tracker.close()
        assert keys == ["EXP-2"]
        kept = [issue["fields"] for issue in site.issues()]
    assert [each["customfield_1"] for each in kept] == ["FaceGate 300 for Hafen AG"] * 2
    assert {each["customfield_2"] for each in kept} == {12}
    assert {each["customfield_3"] for each in kept} == {"2026-12-18"}
    assert kept[0]["customfield_4"] == {"id": "1", "value": "Shenzhen"}
    assert kept[0]["customfield_5"] == ["export", "face"]
    assert kept[0]["customfield_6"] == {"account": "712020:mei"}
    assert (kept[0]["priority"], kept[0]["components"]) == ("2", ["Security devices"])


def test_what_people_gave_for_one_ticket_goes_before_the_settings_and_an_empty_gap_is_not_sent(jira_host):
    with jira_host.jira(JiraOptions(custom_fields=EVERY), Hand()) as site:
        tracker = JiraTracker(site.access(fields={"customfield_1": "from settings", "customfield_3": "{etd}"}))
        tracker.create(replace(DRAFT, extra={"customfield_1": "for this one", "customfield_4": "Guangzhou"}))
        tracker.close()
        fields = site.issues()[0]["fields"]
    assert (fields["customfield_1"], fields["customfield_4"]["value"]) == ("for this one", "Guangzhou")
    assert "customfield_3" not in fields


def test_a_field_added_last_night_is_asked_for_without_a_restart(jira_host):
    with jira_host.jira(JiraOptions(custom_fields=EVERY), Hand()) as site:
        tracker = JiraTracker(site.access())
        tracker.create(DRAFT)
        assert [each.id for each in tracker.asks(False) if each.required] == []
        site.shelf.put("jira_required", "EXP", {"fields": ["customfield_4"]})
        with pytest.raises(Refused):
            tracker.create(DRAFT)
        assert [each.name for each in tracker.asks(False) if each.required] == ["Office"]
        tracker.create(replace(DRAFT, extra={"customfield_4": "Shenzhen"}))
        tracker.close()


@pytest.mark.parametrize(("flavour", "account"), [("cloud", "712020:mei"), ("server", "mlin")])
def test_somebody_whose_account_is_written_down_is_assigned_and_recognised(jira_host, flavour, account):
    hidden = replace(MEI, email="m.lin@elsewhere.example.com", email_visible=False)
    with jira_host.jira(JiraOptions(flavour=flavour, users=(hidden,)), Hand()) as site:
        tracker = JiraTracker(site.access(accounts={"Mei@example.com": account}))
        ticket = tracker.get(tracker.create(replace(DRAFT, assignee_email="mei@example.com")))
        tracker.close()
    assert (ticket.assignee_name, ticket.assignee_email) == ("Mei Lin", "mei@example.com")


STRANGERS = {"unknown": JiraOptions(), "not assignable": JiraOptions(users=(replace(MEI, assignable=False),)),
             "data center": JiraOptions(flavour="server")}


@pytest.mark.parametrize("options", STRANGERS.values(), ids=STRANGERS.keys())
def test_the_ticket_says_who_was_meant_where_jira_cannot_assign_them(jira_host, options):
    with jira_host.jira(options, Hand()) as site:
        tracker = JiraTracker(site.access())
        tracker.create(replace(DRAFT, assignee_email="mei@example.com", unassigned="Meant for Mei Lin."))
        tracker.close()
        fields = site.issues()[0]["fields"]
    assert "assignee" not in fields
    assert "Meant for Mei Lin." in str(fields["description"])


def test_the_ticket_of_somebody_assigned_says_nothing_of_the_kind(jira_host):
    with jira_host.jira(JiraOptions(users=(MEI,)), Hand()) as site:
        tracker = JiraTracker(site.access())
        tracker.create(replace(DRAFT, assignee_email="mei@example.com", unassigned="Meant for Mei Lin."))
        tracker.close()
        assert "Meant for" not in str(site.issues()[0]["fields"]["description"])
