"""Checks before a person looks: done when a report is sent, and by a job over whole quarters; kept as flags."""
