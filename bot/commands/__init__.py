"""The commands of `filingdesk`, one file per audience."""
