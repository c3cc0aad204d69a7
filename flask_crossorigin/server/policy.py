"""A CORS policy: which origins may read, and what they may send. Checked and compiled when it is made.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ..errors import Problems
from ..options.values import FLAGS, DefaultMaxAge, check_names, from_settings, read_flag, read_max_age
from ..standard.headers import SAFELISTED_METHODS, Header
from ..standard.origins import ANY, MAX_LENGTH
from .origin_table import OriginTable

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from ..options.types import OriginCallable, OriginRule, PolicyOptions


ALLOW_ORIGIN = "Access-Control-Allow-Origin"


PREFLIGHT_VARY = ("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")


VARY_ORIGIN = ("Vary", "Origin")


TEXT = ("Content-Type", "text/plain; charset=utf-8")


# The headers that a response gets, and whether the last of them is Vary: Origin.
Grant: TypeAlias = tuple[tuple[Header, ...], bool]
# For a response that pages of other origins, or of this one, may not read.
UNREADABLE: Grant = ((VARY_ORIGIN,), True)

DEFAULT_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


DEFAULT_MAX_AGE = DefaultMaxAge(600)  # Safari's limit, the lowest of the browsers'


# A dataclass so that dataclasses.replace works. Its methods are written by hand: __init__ reports misspelt options, and
# to generate the others costs every import half a millisecond.
@dataclass(frozen=True, init=False, repr=False, eq=False)
class CORSPolicy:
    """Which origins may read, and what they may send. Immutable, and valid once made.

    All options are keywords. Lists may be given as any iterable, or as one string with commas, spaces or
    newlines, or as a list in JSON.

    *origins* (required): ``"*"``; an exact origin such as ``"https://app.example"``; ``"https://*.example.com"``
    for all subdomains; ``"https://pr-*.example.com"`` for a part of the first label; ``"http://localhost:*"`` for every
    port; a callable ``(origin, environ) -> bool``; or an iterable of those. Empty means that no origin is allowed.

    *methods*: names, or ``"*"`` for every method that a preflight names. Default: GET, HEAD, POST, PUT, PATCH, DELETE.

    *allow_headers*: names of request headers, or ``"*"`` (the default) for every header that a preflight names,
    ``Authorization`` included.

    *expose_headers*: names of response headers that JavaScript may read, or ``"*"``. Default: none.

    *supports_credentials*: whether pages may read responses to requests with cookies or HTTP authentication.
    Default: ``False``.

    *max_age*: seconds for which a browser may cache a preflight, as an int or a timedelta; ``None`` sends nothing.
    Default: 600.

    *csrf_protection*: refuse POST, PUT, PATCH, DELETE ... from pages of origins that are not listed, before the
    application runs. Default: ``False``.

    *allow_private_network*: answer the outdated ``Access-Control-Request-Private-Network``. Default: ``False``.

    *allow_insecure_origins*, *allow_public_suffixes*, *allow_null_origin*: permit what is prohibited without them.

    Raises ``CORSConfigError``, with every problem at once. ``dataclasses.replace`` makes a changed copy.
    """

    origins: str | tuple[OriginRule, ...]
    methods: str | tuple[str, ...] = DEFAULT_METHODS
    allow_headers: str | tuple[str, ...] = ANY
    expose_headers: str | tuple[str, ...] = ()
    supports_credentials: bool = False
    max_age: int | None = DEFAULT_MAX_AGE
    csrf_protection: bool = False
    allow_private_network: bool = False
    allow_insecure_origins: bool = False
    allow_public_suffixes: bool = False
    allow_null_origin: bool = False

    # Compiled: what every response has in common.
    any_origin: bool = field(init=False)
    has_callables: bool = field(init=False)
    exact_origins: frozenset[str] = field(init=False)
    origin_table: OriginTable | None = field(init=False)  # of patterns and callables
    without_origin: Grant = field(init=False)  # of a request without Origin, or of any under "*"
    origin_headers: tuple[Header, ...] = field(init=False)  # what follows Allow-Origin
    preflight_headers: tuple[Header, ...] = field(init=False)  # without origin and echoes
    refused_methods: frozenset[str] = field(init=False)  # those of GET, HEAD, POST

    def __init__(self, **options: Unpack[PolicyOptions]) -> None:
        problems = Problems()
        names = check_names(options, problems)
        given = cast("dict[str, Any]", options)
        hint = "write origins=['https://app.example'], or origins='*' for a public API"
        self._set({name: given[name] for name in names}, problems, hint)

    def _set(self, given: dict[str, Any], problems: Problems, origins_hint: str) -> None:
        """Check and keep the *given* options; raise every problem, those in *problems* included."""
        if "origins" not in given:
            problems.add_option("origins", None, "is missing", origins_hint)
        values = _checked(_DEFAULTS | given, problems)
        problems.raise_any()
        for name, value in (values | _compiled(values)).items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_mapping(cls, config: Mapping[str, Any], prefix: str = "CORS_") -> Self:
        """Return the policy that the keys ``CORS_ORIGINS`` ... of *config* describe.

        Strings are read as in an environment: ``true false 1 0 yes no on off`` for a bool, digits, or nothing or
        ``none``, for ``max_age``. Other keys with *prefix* give a warning. Raises ``CORSConfigError``.
        """
        problems = Problems()
        policy = cls.__new__(cls)
        hint = f"set {prefix}ORIGINS, as in {prefix}ORIGINS='https://app.example, https://admin.example'"
        policy._set(from_settings(config, prefix, problems), problems, hint)
        return policy

    @classmethod
    def from_env(cls, prefix: str = "CORS_") -> Self:
        """Return the policy that the environment variables ``CORS_ORIGINS`` ... describe; see ``from_mapping``."""
        return cls.from_mapping(os.environ, prefix)

    @property
    def max_age_given(self) -> bool:
        """Whether *max_age* was given; debug mode replaces the default."""
        return not isinstance(self.max_age, DefaultMaxAge)

    @functools.cached_property
    def uncached(self) -> Self:
        """The same policy with ``max_age=0``: browsers do not cache its preflights."""
        return self._changed(max_age=0, preflight_headers=_preflight_headers(self._options | {"max_age": 0}))

    def calling(self, call: Callable[[OriginCallable, str, dict[str, Any]], bool]) -> Self:
        """Return the same policy, where *call* is given each callable in *origins* with its arguments."""
        if not self.has_callables or self.origin_table is None:
            return self
        return self._changed(origin_table=self.origin_table.calling(call))

    def _changed(self, **values: Any) -> Self:
        """Return a copy with other compiled *values*, without another check."""
        changed = object.__new__(type(self))
        changed.__dict__.update(self.__dict__ | values)
        changed.__dict__.pop("uncached", None)
        return changed

    @property
    def _options(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _DEFAULTS}

    def __repr__(self) -> str:
        return f"CORSPolicy({', '.join(f'{name}={value!r}' for name, value in self._options.items())})"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return self._options == other._options if isinstance(other, CORSPolicy) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self._options.values()))

    def __reduce__(self) -> tuple[Any, ...]:
        # Copied and pickled as its options, because the compiled parts hold a lock.
        return _remake, (type(self), self._options)

    def allows(self, origin: str, context: dict[str, Any]) -> bool:
        """Report whether *origin* may read; *context* is what a callable in *origins* is given (a WSGI environ)."""
        if self.any_origin:
            return True
        # Most origins are exact ones: one look-up, and no call.
        return len(origin) <= MAX_LENGTH and (
            origin in self.exact_origins
            or (self.origin_table is not None and self.origin_table.allows(origin, context))
        )


_DEFAULTS: dict[str, Any] = {field.name: field.default for field in fields(CORSPolicy) if field.init}


def _remake(kind: type[CORSPolicy], values: PolicyOptions) -> CORSPolicy:
    return kind(**values)


def _checked(values: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Return every option of *values* in the form that a policy keeps."""
    # Imported with the first policy: half of these modules is about mistakes, which most imports never need.
    from ..options.methods_and_headers import read_allow_headers, read_expose_headers, read_methods
    from ..options.origins import read_origins

    flags = {name: read_flag(name, values[name], problems) for name in sorted(FLAGS)}
    origins = () if values["origins"] is MISSING else read_origins(values["origins"], flags, problems)
    return flags | {
        "origins": origins,
        "methods": read_methods(values["methods"], problems),
        "allow_headers": read_allow_headers(values["allow_headers"], problems),
        "expose_headers": read_expose_headers(values["expose_headers"], flags["supports_credentials"], problems),
        "max_age": read_max_age(values["max_age"], problems),
    }


def _compiled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what every response under the policy with these *values* has in common."""
    any_origin = values["origins"] == ANY
    exact = frozenset(
        () if any_origin else (rule for rule in values["origins"] if isinstance(rule, str) and "*" not in rule)
    )
    others = () if any_origin else [rule for rule in values["origins"] if rule not in exact]
    headers = (*_credentials(values), *_listed("Access-Control-Expose-Headers", values["expose_headers"]))
    return {
        "any_origin": any_origin,
        "has_callables": not any_origin and any(map(callable, values["origins"])),
        "exact_origins": exact,
        "origin_table": OriginTable(others) if others else None,
        "without_origin": (((ALLOW_ORIGIN, ANY), *headers), False) if any_origin else UNREADABLE,
        "origin_headers": (*headers, VARY_ORIGIN),
        "preflight_headers": _preflight_headers(values),
        "refused_methods": SAFELISTED_METHODS.difference(
            values["methods"] if values["methods"] != ANY else SAFELISTED_METHODS
        ),
    }


def _preflight_headers(values: Mapping[str, Any]) -> tuple[Header, ...]:
    methods, names, max_age = values["methods"], values["allow_headers"], values["max_age"]
    return (
        *_credentials(values),
        *(_listed("Access-Control-Allow-Methods", methods) if methods != ANY else ()),
        *(_listed("Access-Control-Allow-Headers", names) if names != ANY else ()),
        *([("Access-Control-Max-Age", str(int(max_age)))] if max_age is not None else ()),
        PREFLIGHT_VARY,
        TEXT,
        ("Content-Length", "0"),
    )


def _credentials(values: Mapping[str, Any]) -> list[Header]:
    return [("Access-Control-Allow-Credentials", "true")] if values["supports_credentials"] else []


def _listed(name: str, values: str | tuple[str, ...]) -> list[Header]:
    """Return the header *name* with a list of *values*, or nothing for an empty one."""
    return [(name, values if isinstance(values, str) else ", ".join(values))] if values else []
