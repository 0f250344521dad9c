"""From files to values: rulesets, checklists, messages, config; findings at path:line:column."""
