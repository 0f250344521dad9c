"""The doors: receive, check, translate, call one flow, show."""
