"""Quarterly reports by phone, summed and published as official circulars."""

__version__ = "0.1.0"
