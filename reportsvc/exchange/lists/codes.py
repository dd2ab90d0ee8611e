"""The values that columns hold in code, with what they mean; ``message ids`` on the right."""

from __future__ import annotations

from reportsvc.forms.messages import N_

CODES: dict[str, dict[str, str]] = {
    "kinds": {
        "foundation": N_("Foundations"),
        "association": N_("Associations"),
        "agency": N_("Service agencies"),
        "collective": N_("Village collectives"),
        "enterprise": N_("Companies"),
    },
    "levels": {
        "county": N_("county"),
        "city": N_("city"),
        "province": N_("province"),
        "beijing": N_("registered in Beijing"),
        "tianjin": N_("registered in Tianjin"),
        "national": N_("registered nationally"),
    },
    "roles": {"lead": N_("leads the project"), "partner": N_("takes part in the project")},
    "states": {
        "open": N_("not begun"),
        "draft": N_("being written"),
        "submitted": N_("with the county"),
        "endorsed_county": N_("passed by the county"),
        "endorsed_city": N_("passed by the city"),
        "approved": N_("approved"),
        "returned": N_("returned"),
        "not_required": N_("not required"),
    },
    "circular_states": {
        "asked": N_("waiting"),
        "compiling": N_("being made"),
        "compiled": N_("ready"),
        "failed": N_("failed"),
    },
    "indicator_kinds": {
        "flow": N_("of one quarter"),
        "stock": N_("as it stands now"),
        "cumulative": N_("since the beginning"),
    },
    "time_rules": {
        "sum": N_("quarters are added up"),
        "last": N_("the newest quarter counts"),
        "max": N_("the largest quarter counts"),
    },
    "partner_rules": {"lead": N_("the lead reports it"), "each": N_("each contributor reports its own")},
}
