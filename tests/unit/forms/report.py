"""The shipped report, and what the server knows of the one that the tests fill in."""

from datetime import date

from reportsvc.forms import importer
from reportsvc.forms.definition import Choice
from reportsvc.forms.shipped import quarterly_report

TODAY = date(2026, 3, 31)
LEAD = {"role": "lead", "county_count": "2", "project_name": "示例项目", "organization_name": "示例协会"}
PARTNER = {**LEAD, "role": "partner", "county_count": "1"}
COUNTIES = {"project_counties.csv": [Choice("130826", "丰宁满族自治县"), Choice("130637", "博野县")]}
REPORT = importer.read(*quarterly_report())
