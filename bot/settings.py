"""Environment -> frozen Settings, and the values config/bot.yaml holds; the only reader of os.environ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import BadSettings

BUNDLED = Path(__file__).parent / "_bundled"
CHECKOUT = Path(__file__).parent.parent
SLACK_API = "https://slack.com/api/"


def data_folder(name: str) -> Path:
    """The shipped folder `rulesets` or `config`: inside the wheel, or at the root of a checkout."""
    return BUNDLED / name if (BUNDLED / name).is_dir() else CHECKOUT / name


class Settings(BaseSettings):
    """What the environment says; secrets never show in a print or a log."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = SLACK_API
    jira_url: str = ""
    jira_email: str = ""
    jira_api_token: SecretStr = SecretStr("")
    jira_pat: SecretStr = SecretStr("")
    jira_webhook_secret: SecretStr = Field(default=SecretStr(""), alias="FILINGDESK_JIRA_WEBHOOK_SECRET")
    data: Path = Field(default=Path(".filingdesk"), alias="FILINGDESK_DATA")
    rulesets: Path = Field(default_factory=lambda: data_folder("rulesets"), alias="FILINGDESK_RULESETS")
    config: Path = Field(default_factory=lambda: data_folder("config"), alias="FILINGDESK_CONFIG")
    erp_token: SecretStr = Field(default=SecretStr(""), alias="FILINGDESK_ERP_TOKEN")
    host: str = Field(default="127.0.0.1", alias="FILINGDESK_HOST")
    port: int = Field(default=8765, alias="FILINGDESK_PORT", ge=0, le=65535)
    url: str = Field(default="", alias="FILINGDESK_URL")
    ca_file: str = Field(default="", alias="FILINGDESK_JIRA_CA")

    @field_validator("*", mode="before")
    @classmethod
    def _trimmed(cls, value: Any) -> Any:
        """A line end pasted along with a token must not become part of it."""
        return value.strip() if isinstance(value, str) else value

    @field_validator("slack_api_url", "jira_url", "url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("write an address that begins with https://")
        return value

    @property
    def address(self) -> str:
        """Where people reach the bot over HTTP, as for calendars."""
        return self.url.rstrip("/") or f"http://{self.host}:{self.port}"

    def missing_to_run(self) -> list[str]:
        """What `filingdesk run` cannot do without, one sentence each; empty when all is there."""
        said = self._bot_token_missing()
        if not self.slack_app_token.get_secret_value() and not self.slack_signing_secret.get_secret_value():
            said.append("Neither SLACK_APP_TOKEN (xapp-…, for Socket Mode) nor SLACK_SIGNING_SECRET (for HTTP) is set: "
                        "one of them is needed; both are on your Slack app's page Basic Information.")
        if self.slack_app_token.get_secret_value() and not self.slack_app_token.get_secret_value().startswith("xapp-"):
            said.append("SLACK_APP_TOKEN is another kind of token: the app token begins with xapp-.")
        return said + self._jira_missing()

    def _bot_token_missing(self) -> list[str]:
        token = self.slack_bot_token.get_secret_value()
        if not token:
            return ["SLACK_BOT_TOKEN is not set: the bot token (xoxb-…) from your Slack app, page OAuth & Permissions."]
        if token.startswith(("xapp-", "xoxp-", "xoxe-")):
            return ["SLACK_BOT_TOKEN is another kind of token: the bot token begins with xoxb-."]
        return []

    def _jira_missing(self) -> list[str]:
        token, pat = self.jira_api_token.get_secret_value(), self.jira_pat.get_secret_value()
        if re.match(r"https?://api\.atlassian\.com(?!/ex/jira/[^/]+/?$)", self.jira_url):
            return ["JIRA_URL names Atlassian's gateway without the site: write https://api.atlassian.com/ex/jira/ and then the "
                    "cloud id, which https://your-site.atlassian.net/_edge/tenant_info shows."]
        if self.jira_url and not pat and not (self.jira_email and token):
            return ["JIRA_URL is set, but neither JIRA_EMAIL with JIRA_API_TOKEN (Cloud) nor JIRA_PAT (Data Center). "
                    "Set one of them, or unset JIRA_URL to keep the tickets here."]
        return [] if self.jira_url or not (token or pat) else ["A Jira token is set, but not JIRA_URL."]


def load_settings(**given: Any) -> Settings:
    """The settings from the environment and `.env`; BadSettings names each value that cannot be used."""
    try:
        return Settings(**given)
    except ValidationError as error:
        said = [f"{_variable(item['loc'])}: {item['msg'].removeprefix('Value error, ')}" for item in error.errors()]
        raise BadSettings("These settings cannot be used:\n" + "\n".join(said)) from None
    except UnicodeDecodeError:
        raise BadSettings("The file .env is not UTF-8 text; save it as UTF-8.") from None


def _variable(loc: tuple[int | str, ...]) -> str:
    """The environment's name of a setting: fields with an alias go by it already."""
    return ".".join(map(str, loc)).upper()


@dataclass(frozen=True, slots=True)
class DeskConfig:
    """config/bot.yaml: how this desk works. Seconds where not said otherwise."""

    zone: str = "Asia/Shanghai"
    lang: str = "en"
    ruleset: str = "cn-cac-agents"
    market: str = "CN"
    """Whose working days count for the authority."""
    watch_channel: str = ""
    admin_channel: str = ""
    """Where the daily proof of the reminders is posted; "" for nowhere."""
    jira_project: str = "EXP"
    jira_issue_type: str = "Task"
    jira_subtask_type: str = ""
    jira_fields: Mapping[str, Any] = field(default_factory=dict)
    """By field id: plain words, which may name FACTS of the filing as "{product}", or what Jira's REST API takes."""
    jira_poll: float = 60.0
    jira_search_lag: float = 90.0
    chat_pace: float = 1.0
    """Seconds between two posts in one channel; Slack allows about one a second."""
