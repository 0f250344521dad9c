"""One sentence in the two languages the desk speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """The same thing said in English and in Chinese."""

    en: str
    zh: str

    def said(self, lang: str) -> str:
        """In the asker's language: "zh" for Chinese, English for anything else."""
        return self.zh if lang == "zh" else self.en


SILENT = Wording("", "")
"""Nothing said, in either language."""
