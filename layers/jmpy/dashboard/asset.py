"""The files that the dashboard's pages load. Public: the sign-in errors look like the rest."""

from pathlib import Path

from jmpy.web.assets import Assets

FOLDER = Path(__file__).with_name("assets")
NAMES = (
    "charts.css",
    "dashboard.css",
    "dashboard.js",
    "domains.css",
    "forms.js",
    "htmx.min.js",
    "key-list.css",
    "key-list.js",
    "lists.css",
    "logo.svg",
    "qr-codes.css",
)
"""Nothing else in the folder is served."""

ASSETS = Assets("dashboard/assets", {name: FOLDER / name for name in NAMES})
