"""Regions, organizations, projects and who takes part in them."""
