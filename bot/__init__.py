"""Filing Desk: answers export scope questions, runs filings and reminds the people concerned."""

__version__ = "0.1.0"
