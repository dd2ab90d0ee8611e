"""Published facts and division codes, shipped as data."""
