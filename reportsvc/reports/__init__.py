"""Reports: from the obligation to the approved figure."""
