"""The types of the options, for type checkers: nothing imports this at run time.

``CORSPolicy`` says what the options mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import timedelta
from typing import Any, TypeAlias, TypedDict

OriginCallable: TypeAlias = Callable[[str, dict[str, Any]], bool]
OriginRule: TypeAlias = "str | OriginCallable"
OriginsOption: TypeAlias = "str | OriginCallable | Iterable[str | OriginCallable]"
NamesOption: TypeAlias = "str | Iterable[str]"
MaxAgeOption: TypeAlias = "int | timedelta | None"


class CommonOptions(TypedDict, total=False):
    """Every option but *origins*."""

    methods: NamesOption
    allow_headers: NamesOption
    expose_headers: NamesOption
    supports_credentials: bool
    max_age: MaxAgeOption
    csrf_protection: bool
    allow_private_network: bool
    allow_insecure_origins: bool
    allow_public_suffixes: bool
    allow_null_origin: bool


class PolicyOptions(CommonOptions):
    """The options of a policy, which has to say whose it is."""

    origins: OriginsOption


class Options(CommonOptions, total=False):
    """The options where *origins* may be given elsewhere, or left to a default."""

    origins: OriginsOption


# Not Iterable[str], which a mapping with misspelt options would be too.
Resources: TypeAlias = "str | Sequence[str] | Set[str] | Iterator[str] | Mapping[str, Options]"
