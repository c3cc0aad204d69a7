"""The documentation site: Sphinx with MyST and furo.  Built by `make docs`."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "flask-crossorigin"
author = "The flask-crossorigin authors"
copyright = "2026, the flask-crossorigin authors"  # noqa: A001 (Sphinx's name)
release = version = installed("flask-crossorigin")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton", "diagrams", "elsewhere", "playground"]
exclude_patterns = ["_build", "node_modules"]
smartquotes = False  # texts of consoles are searched as they are
nitpicky = True
# Types of the standard library and of Werkzeug, whose pages are not asked for while the site is built.
nitpick_ignore_regex = [
    ("py:.*", r"(?!flask_crossorigin\.).*"),
    ("py:.*", r"flask_crossorigin\.(options|browser|doctor|extension|server)\..*"),
]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
copybutton_prompt_text = r"\$ |>>> "
copybutton_prompt_is_regexp = True
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "flask-crossorigin"
html_baseurl = "https://flask-crossorigin.readthedocs.io/en/stable/"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["search.js"]
html_favicon = "_static/icon.svg"
html_copy_source = False
html_theme_options = {
    "source_repository": "https://github.com/flask-crossorigin/flask-crossorigin/",
    "source_branch": "main",
    "source_directory": "docs/",
}
