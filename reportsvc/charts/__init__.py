"""Charts as SVG, made on the server: pure functions of what they show, for pages and for PDFs alike.

Each gives one ``<svg>`` with a title and a description and without script. Colours are presentation attributes, which
print understands; on pages the classes of static/picture.css lay colour variables over them. Nothing is told by colour
alone: parts have patterns, lines have dashes and marks, and every value stands in words. All texts are handed in,
translated; ``name`` makes the ids of a chart its own on a page that has several.
"""

from reportsvc.charts.bars import Bar, Level, Part, Row, bars, levels, stacked
from reportsvc.charts.lines import Line, lines, sparkline
from reportsvc.charts.tiles import Map, Tile, tiles

__all__ = [
    "Bar",
    "Level",
    "Line",
    "Map",
    "Part",
    "Row",
    "Tile",
    "bars",
    "levels",
    "lines",
    "sparkline",
    "stacked",
    "tiles",
]
