"""Which ticket system the settings name: Jira, or the tickets kept in our own store."""

from __future__ import annotations

from collections.abc import Iterable

from bot.adapters.jira_tracker import JiraAccess, JiraTracker
from bot.adapters.local_tracker import LocalTracker
from bot.domain.people import Member
from bot.ports import Clock, Store, Tracker
from bot.settings import DeskConfig, Settings


def tracker_for(settings: Settings, access: JiraAccess, store: Store, clock: Clock) -> Tracker:
    """Jira, or the tickets kept in the store where no Jira is set; nothing is asked yet."""
    return JiraTracker(access, clock.now) if settings.jira_url else LocalTracker(store, clock)


def jira_access(settings: Settings, config: DeskConfig, members: Iterable[Member]) -> JiraAccess:
    """Where Jira is, how to sign in, what fills its fields and who is who, from the environment and config/."""
    return JiraAccess(
        url=settings.jira_url.rstrip("/"), project=config.jira_project, email=settings.jira_email,
        token=settings.jira_api_token.get_secret_value(), pat=settings.jira_pat.get_secret_value(),
        issue_type=config.jira_issue_type, subtask_type=config.jira_subtask_type, fields=config.jira_fields,
        accounts={member.email: member.jira for member in members if member.jira},
        ca_file=settings.ca_file)
