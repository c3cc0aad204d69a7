"""Public suffixes: the domains under which anybody can register a name, such as ``com`` and ``github.io``.

From the package ``publicsuffixlist``, which carries Mozilla's list. Reading it takes some 20 ms: at the first call, not
at import. Names are looked up as Unicode, which is how the list has them: to encode all of it would take 100 ms more.

https://publicsuffix.org/list/
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any


def is_public_suffix(domain: str) -> bool:
    """Report whether anybody can register a name directly under *domain*."""
    return bool(_suffixes().is_public(_unicode(domain)))


def has_public_suffix_below(domain: str) -> bool:
    """Report whether some public suffix ends in ``.domain``: then anybody can register a name deeper below *domain*."""
    return f".{_unicode(domain)}\n" in _rules()


def registrable_domain(host: str) -> str | None:
    """Return the part of *host* that its owner registered, or ``None`` if *host* is a public suffix itself.

    https://url.spec.whatwg.org/#host-registrable-domain
    """
    labels = host.removesuffix(".").split(".")
    found = _suffixes(accept_unknown=True).privatesuffix(_unicode(host))
    return None if found is None else ".".join(labels[-found.count(".") - 1 :])


@functools.cache
def _suffixes(*, accept_unknown: bool = False) -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=accept_unknown, accept_encoded_idn=False)


@functools.cache
def _rules() -> str:
    """Return the rules of the list, each on a line of its own, without comments."""
    from publicsuffixlist import PSLFILE

    lines = Path(PSLFILE).read_text("utf-8").splitlines()
    return "".join(f"{line}\n" for line in lines if line and not line.startswith(("//", "!")))


def _unicode(domain: str) -> str:
    domain = domain.removesuffix(".").lower()
    if "xn--" not in domain:
        return domain
    import idna

    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain
