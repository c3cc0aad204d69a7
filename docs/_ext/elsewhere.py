"""The directive ``policy-for``: the lines that ``flask cors export`` writes for a server.

```{policy-for} nginx
```
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from flask_crossorigin import CORSPolicy
from flask_crossorigin.commands.export import grants_of
from flask_crossorigin.doctor.export import TARGETS, lines

LANGUAGES = {"express": "javascript", "php": "php", "nginx": "nginx", "apache": "apacheconf"}
POLICY = CORSPolicy(
    origins=["https://app.example", "https://*.preview.example"],
    supports_credentials=True,
    allow_headers=["Content-Type", "X-Csrf-Token"],
    expose_headers=["X-Total-Count"],
)


class PolicyFor(SphinxDirective):
    """Shows ``POLICY`` in the words of one server."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        target = next(each for each in TARGETS if each == self.arguments[0])
        code = lines(target, grants_of(POLICY)).rstrip()
        return [nodes.literal_block(code, code, language=LANGUAGES.get(target, "python"))]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("policy-for", PolicyFor)
    return {"parallel_read_safe": True}
