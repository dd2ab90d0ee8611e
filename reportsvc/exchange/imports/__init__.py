"""Importing organizations, projects, participations and older figures from a workbook: looked at, then all or none."""
