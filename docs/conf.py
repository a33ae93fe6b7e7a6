"""The documentation, built with ``sphinx-build -q -W --keep-going docs docs/_build/html``."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "Equipoise"
author = "The Equipoise contributors"
release = version = importlib.metadata.version("equipoise")
html_title = f"Equipoise {release}"
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
language = "en_GB"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "study_files",
    "pieces",
]
exclude_patterns = ["_build", "_ext"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# Every link inside must lead somewhere. Names of other packages are not looked up over the network,
# and the parts of a study file are described with the file.
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!equipoise\.).*|equipoise\.protocol\.(?!whole).*")]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
add_module_names = False
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = [("Source", "returns_style")]
