"""What is said of one task and of its ticket: what happened there, for the filing's thread."""

from __future__ import annotations

from bot.domain.filing import Filing
from bot.domain.ticket import Comment
from bot.replies import Reply, Words

LONGEST_COMMENT = 2500


def comment_reply(words: Words, filing: Filing, item: str, key: str, comment: Comment) -> Reply:
    """What somebody wrote on a ticket: who, where, with a link, and the words themselves."""
    link = f"<{comment.url}|{key}>" if comment.url else key
    sentence = "comment.by_on_task" if item else "comment.by"
    text = comment.text if len(comment.text) <= LONGEST_COMMENT else comment.text[:LONGEST_COMMENT] + "…"
    values = {"author": comment.author or "–", "link": link} | ({"item": item} if item else {})
    return Reply(headline=words.say(filing.lang, sentence, **values), lines=(text,))


def news_reply(words: Words, filing: Filing, key: str, **values: str) -> Reply:
    """A change in the tracker that people should know of."""
    return Reply(headline=words.say(filing.lang, key, **values))
