"""Circulars: what they say, and how figures are put into words."""
