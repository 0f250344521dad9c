"""A local Slack and a local Jira on one web page: to try the bot with nothing connected, and to test against."""
