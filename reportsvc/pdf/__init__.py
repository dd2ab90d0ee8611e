"""Circulars as official documents in PDF (GB/T 9704-2012)."""
