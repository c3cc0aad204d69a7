"""Which policy a preflight, a write and a response of a Flask application fall under, for each kind of route."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Blueprint, Flask, redirect
from flask.views import MethodView
from werkzeug.exceptions import SecurityError
from werkzeug.routing import Map, Rule
from werkzeug.test import create_environ

from flask_crossorigin import CORS, CORSConfigError, CORSPolicy, cross_origin
from flask_crossorigin.extension import policies as policies_module
from flask_crossorigin.extension import routes as routes_module
from flask_crossorigin.extension.cors import routes_of
from flask_crossorigin.extension.flask_internals import REQUEST_KEY
from flask_crossorigin.extension.marks import Declaration
from flask_crossorigin.extension.routes import Routes

SITE, VIEW, OTHER, BLUEPRINT, INNER = (
    f"https://{name}.example" for name in ("site", "view", "other", "blueprint", "inner")
)
own, other = cross_origin(origins=VIEW, max_age=600), cross_origin(origins=OTHER, max_age=600)


class Item(MethodView):
    methods = ["GET", "PUT", "POST", "REPORT"]  # noqa: RUF012

    @own
    def get(self) -> str:
        return "get"

    def put(self) -> str:
        return "put"

    @other
    def post(self) -> str:
        return "post"

    @other
    def report(self) -> str:
        return "report"


class Head(MethodView):
    @own
    def get(self) -> str:
        return "get"

    @other
    def head(self) -> str:
        return ""


def view(**arguments: str) -> str:
    return "view"


def site(**options: Any) -> Flask:
    app = Flask("site", static_folder=None)
    CORS(app, origins=SITE, max_age=600, **options)
    app.config["CORS_MAX_AGE"] = 600
    for number, (rule, function, methods) in enumerate(
        [
            ("/", own(view), ["GET"]),
            ("/plain", view, ["GET", "PUT"]),
            ("/own", own(view), ["GET", "PUT"]),
            ("/mixed", view, ["GET"]),
            ("/mixed", own(view), ["PUT"]),
            ("/same", own(view), ["GET"]),
            ("/same", own(view), ["PUT"]),
            ("/items/<int:number>", own(view), ["GET"]),
            ("/items/<name>", view, ["PUT"]),
            ("/all/<path:rest>", own(view), ["GET"]),
            ("/folder/", own(view), ["GET"]),
            ("/double/<name>", own(view), ["GET"]),
            ("/lone/", own(view), ["PUT"]),
        ]
    ):
        app.add_url_rule(rule, f"view{number}", function, methods=methods)
    app.add_url_rule("/only/", "only", view, methods=["PUT"], provide_automatic_options=False)
    app.add_url_rule("/item", view_func=Item.as_view("item"))
    app.add_url_rule("/head", view_func=Head.as_view("head"))
    app.url_map.add(Rule("/old", endpoint="old", redirect_to="/own"))
    app.url_map.add(Rule("/any", endpoint="any"))
    app.view_functions["any"] = Item.as_view("any")
    app.add_url_rule("/moved", "moved", lambda: redirect("/own"))
    outer, inner = Blueprint("outer", "site"), Blueprint("inner", "site")
    CORS(outer, origins=BLUEPRINT)
    CORS(inner, origins=INNER)
    for blueprint in (outer, inner):
        blueprint.add_url_rule("/x", "x", view, methods=["GET", "PUT"])
        blueprint.add_url_rule("/own", "own", own(view), methods=["PUT"])
    extra = Blueprint("Xtra", "site")
    CORS(extra, origins=BLUEPRINT)
    outer.register_blueprint(inner, url_prefix="/inner")
    app.register_blueprint(extra, url_prefix="/extraX/")
    app.register_blueprint(outer, url_prefix="/outer/")
    return app


def routes(app: Flask) -> Routes:
    found = routes_of(app)
    found.has_own_policies()
    return found


def environ(path: str | None, method: str, **more: Any) -> dict[str, Any]:
    """Return the environ of a request; *path*: ``None`` leaves PATH_INFO out, as PEP 3333 allows where it is empty."""
    made = create_environ("/", method=method, headers={"Origin": SITE})
    if path is None:
        del made["PATH_INFO"]
    else:
        made["PATH_INFO"] = path
    return made | more


def said(policy: CORSPolicy | None) -> str:
    if policy is None:
        return "none"
    origins = " ".join(str(origin).removeprefix("https://").removesuffix(".example") for origin in policy.origins)
    return f"{origins or 'nobody'} {policy.max_age}"


def preflight(app: Flask, path: str | None, method: str, **more: Any) -> str:
    found = routes(app)
    asked = environ(path, "OPTIONS", HTTP_ACCESS_CONTROL_REQUEST_METHOD=method, **more)
    first, second = found.of_preflight(asked), found.of_preflight(asked)
    assert first == second  # from what is kept
    return said(second)


CASES = [
    # path, method, preflight, response
    (None, "GET", "view 600", "view 600"),
    ("", "GET", "view 600", "view 600"),
    ("/", "GET", "view 600", "view 600"),
    ("/", "PUT", "view 600", "view 600"),
    ("/plain", "GET", "site 600", "site 600"),
    ("/plain", "PUT", "site 600", "site 600"),
    ("/plain", "put", "site 600", "site 600"),
    ("/own", "PUT", "view 600", "view 600"),
    ("//own", "PUT", "view 600", "view 600"),
    ("/own", "DELETE", "view 600", "view 600"),
    ("/own", "MADE-UP", "view 600", "view 600"),
    ("/own/", "PUT", "site 600", "site 600"),
    ("/mixed", "GET", "site 0", "site 600"),
    ("/mixed", "PUT", "view 0", "view 600"),
    ("/mixed", "PATCH", "site 0", "site 600"),
    ("/same", "PUT", "view 600", "view 600"),
    ("/items/1", "GET", "view 0", "view 600"),
    ("/items/1", "PUT", "site 0", "site 600"),
    ("/items/a", "PUT", "site 600", "site 600"),
    ("/items/a", "GET", "site 600", "site 600"),
    ("/items/a/b", "GET", "site 600", "site 600"),
    ("/all/a/b", "GET", "view 600", "view 600"),
    ("/all/" + "a" * 2043, "GET", "view 600", "view 600"),
    ("/all/" + "a" * 2044, "GET", "view 0", "view 600"),
    ("/folder", "GET", "view 600", "view 600"),
    ("/folder/", "GET", "view 600", "view 600"),
    ("/folder", "PUT", "view 600", "view 600"),
    ("/double//a", "GET", "view 600", "view 600"),
    ("//double//a", "GET", "view 600", "view 600"),
    ("/lone", "PUT", "view 600", "view 600"),
    ("/lone", "GET", "view 600", "view 600"),
    ("/only", "PUT", "site 600", "site 600"),
    ("/only/", "GET", "site 600", "site 600"),
    ("/item", "GET", "view 0", "view 600"),
    ("/item", "HEAD", "view 0", "view 600"),
    ("/item", "PUT", "site 0", "site 600"),
    ("/item", "POST", "other 0", "other 600"),
    ("/item", "REPORT", "other 0", "other 600"),
    ("/item", "DELETE", "view 0", "view 600"),
    ("/any", "GET", "view 0", "view 600"),
    ("/any", "REPORT", "other 0", "other 600"),
    ("/any", "DELETE", "site 0", "site 600"),
    ("/head", "GET", "view 0", "view 600"),
    ("/head", "HEAD", "other 0", "other 600"),
    ("/old", "PUT", "view 600", "view 600"),
    ("/moved", "GET", "site 600", "site 600"),
    ("/missing", "GET", "site 600", "site 600"),
    ("/outer/x", "PUT", "blueprint 600", "blueprint 600"),
    ("/outer/own", "PUT", "view 600", "view 600"),
    ("/outer/missing", "PUT", "blueprint 600", "blueprint 600"),
    ("/outer", "PUT", "blueprint 600", "blueprint 600"),
    ("/outer/", "PUT", "blueprint 600", "blueprint 600"),
    ("/extraX/missing", "PUT", "blueprint 600", "blueprint 600"),
    ("/outermost", "PUT", "site 600", "site 600"),
    ("/outer/inner/x", "GET", "inner 600", "inner 600"),
    ("/outer/inner/own", "PUT", "view 600", "view 600"),
    ("/outer/inner/a/b", "GET", "inner 600", "inner 600"),
    ("/outer/inner", "DELETE", "inner 600", "inner 600"),
]
IDS = [f"{method} {path if path is None or len(path) < 99 else len(path)}" for path, method, *_ in CASES]


@pytest.mark.parametrize(("path", "method", "expected", "_"), CASES, ids=IDS)
def test_the_policy_of_a_preflight(path: str | None, method: str, expected: str, _: str) -> None:
    assert preflight(site(), path, method) == expected


@pytest.mark.parametrize(("path", "method", "_", "expected"), CASES, ids=IDS)
def test_the_policy_of_a_response_that_flask_has_not_routed(
    path: str | None, method: str, _: str, expected: str
) -> None:
    assert said(routes(site()).of_response(environ(path, method))) == expected


@pytest.mark.parametrize(("path", "method", "_", "expected"), CASES, ids=IDS)
def test_the_policy_of_a_write(path: str | None, method: str, _: str, expected: str) -> None:
    assert said(routes(site(csrf_protection=True)).of_write(environ(path, method))) == expected


def test_no_write_is_looked_at_where_no_policy_refuses_any() -> None:
    assert routes(site()).of_write(environ("/own", "PUT")) is None


# --- where the path decides ---------------------------------------------------------------------------------


def by_path() -> Flask:
    """Return an application that allows SITE below /api only, and whose blueprint has a rule for some of its paths."""
    app = Flask("paths", static_folder=None)
    CORS(app, resources={"/api/*": {"origins": SITE}, "/both/*": {"origins": [SITE, OTHER]}}, max_age=600)
    app.config["CORS_MAX_AGE"] = 600
    for prefix in ("/api", "/both", "/private"):
        app.add_url_rule(f"{prefix}/plain", f"{prefix}-plain", view)
        app.add_url_rule(f"{prefix}/own", f"{prefix}-own", own(view))
        app.add_url_rule(f"{prefix}/bare", f"{prefix}-bare", cross_origin(view))
    app.add_url_rule("/<place>/twice", "twice", cross_origin(view))
    blueprint = Blueprint("blueprint", "paths", url_prefix="/blueprint")
    CORS(blueprint, resources={"/blueprint/open": {"origins": BLUEPRINT}})
    blueprint.add_url_rule("/open", "open", view)
    blueprint.add_url_rule("/closed", "closed", view)
    app.register_blueprint(blueprint)
    bare = Blueprint("bare", "paths", url_prefix="/api/blueprint")
    CORS(bare, methods=["GET"])
    bare.add_url_rule("/x", "x", view)
    app.register_blueprint(bare)
    return app


PATHS = [
    ("/api/plain", "site 600"),
    ("/both/plain", "site other 600"),
    ("/private/plain", "none"),
    ("/api/own", "view 600"),
    ("/private/own", "view 600"),
    ("/api/bare", "site 600"),
    ("/both/bare", "site other 600"),
    ("/private/bare", "* 600"),
    ("/api/twice", "site 600"),
    ("/both/twice", "site other 600"),
    ("/api/missing", "site 600"),
    ("/private/missing", "none"),
    ("/blueprint/open", "blueprint 600"),
    ("/blueprint/closed", "none"),
    ("/blueprint/missing", "none"),
    ("/api/blueprint/x", "site 600"),
    ("/api/blueprint/missing", "site 600"),
    ("/api//bare", "site 600"),
    ("/private//bare", "nobody 600"),
]


@pytest.mark.parametrize(("path", "expected"), PATHS, ids=[path for path, _ in PATHS])
def test_the_policy_of_a_path(path: str, expected: str) -> None:
    app = by_path()
    assert preflight(app, path, "GET") == expected
    assert said(routes(app).of_response(environ(path, "GET"))) == expected


# --- what is worked out once --------------------------------------------------------------------------------


class Counted:
    """Counts the calls of what it stands for."""

    def __init__(self, function: Any) -> None:
        self.function = function
        self.calls = 0

    def __call__(self, *args: Any) -> Any:
        self.calls += 1
        return self.function(*args)


@pytest.fixture
def matched(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(vars(routes_module)["match"])
    monkeypatch.setattr(routes_module, "match", counted)
    return counted


KEPT = {
    ("/own", "PUT"): True,
    ("/own", "GET"): True,
    ("/plain", "GET"): True,
    ("/mixed", "PUT"): True,
    ("/any", "REPORT"): False,  # its rule has no methods, and clients may make this one up
    ("/any", "DELETE"): True,
    ("/own", "DELETE"): False,
    ("/plain", "MADE-UP"): False,
    ("/folder", "GET"): False,
    ("/double/a", "GET"): False,
    ("/missing", "GET"): False,
}


@pytest.mark.parametrize(("path", "method"), KEPT, ids=[" ".join(each) for each in KEPT])
def test_a_preflight_of_the_only_url_of_a_rule_is_matched_once(matched: Counted, path: str, method: str) -> None:
    found = routes(site())
    asked = environ(path, "OPTIONS", HTTP_ACCESS_CONTROL_REQUEST_METHOD=method)
    found.of_preflight(asked)
    before = matched.calls
    found.of_preflight(asked)
    assert (matched.calls == before) is KEPT[path, method]


def test_a_view_that_is_replaced_is_matched_again(matched: Counted) -> None:
    app = site()
    assert preflight(app, "/own", "PUT") == "view 600"
    app.view_functions["view2"] = other(view)
    before = matched.calls
    assert preflight(app, "/own", "PUT") == "other 600"
    assert matched.calls > before


def test_by_host_every_preflight_is_matched(matched: Counted) -> None:
    app = site()
    app.subdomain_matching = True
    app.config["SERVER_NAME"] = "localhost"
    found = routes(app)
    asked = environ("/own", "OPTIONS", HTTP_ACCESS_CONTROL_REQUEST_METHOD="PUT")
    assert said(found.of_preflight(asked)) == "view 600"
    assert REQUEST_KEY not in asked  # which is Flask's to set
    before = matched.calls
    found.of_preflight(asked)
    assert matched.calls > before


@pytest.mark.parametrize(
    ("path", "method", "again"),
    [
        ("/own", "DELETE", 1),
        ("/plain", "MADE-UP", 1),
        ("/all/a", "GET", 1),
        ("/mixed", "PATCH", 1),  # that the only URL of these rules is mixed is known
        ("/items/a", "PUT", 9),  # every method of the application is tried at each of these URLs
    ],
    ids=["one policy", "a method that is made up", "a variable", "two policies at one URL", "two policies at some URLs"],
)  # fmt: skip
def test_whether_the_urls_of_a_rule_are_mixed_is_worked_out_once(
    matched: Counted, path: str, method: str, again: int
) -> None:
    found = routes(site())
    asked = environ(path, "OPTIONS", HTTP_ACCESS_CONTROL_REQUEST_METHOD=method)
    found.of_preflight(asked)
    before = matched.calls
    found.of_preflight(asked)
    assert matched.calls - before == again


class Routed:
    """A request that Flask has routed to *url_rule*."""

    def __init__(self, url_rule: Rule | None) -> None:
        self.url_rule = url_rule


def rule_of(app: Flask, text: str, method: str = "GET") -> Rule:
    return next(
        rule for rule in app.url_map.iter_rules() if rule.rule == text and method in (rule.methods or (method,))
    )


def test_a_response_has_the_policy_of_the_rule_that_flask_has_matched(matched: Counted) -> None:
    app = site()
    found = routes(app)
    asked = {REQUEST_KEY: Routed(rule_of(app, "/own"))}
    assert said(found.of_response(environ("/plain", "GET", **asked))) == "view 600"
    assert matched.calls == 0


@pytest.mark.parametrize("request_", [Routed(None), Routed(Rule("/own", endpoint="view2")), None, object()])
def test_a_rule_of_another_application_says_nothing(request_: Any) -> None:
    if isinstance(request_, Routed) and request_.url_rule is not None:
        request_ = Routed(next(Map([request_.url_rule.empty()]).iter_rules()))
    assert said(routes(site()).of_response(environ("/plain", "GET", **{REQUEST_KEY: request_}))) == "site 600"


def test_what_belongs_to_a_rule_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = site()
    found = routes(app)
    looked, policied = Counted(found.owners.own), Counted(found.policies.of)
    monkeypatch.setattr(found.owners, "own", looked)
    monkeypatch.setattr(found.policies, "of", policied)
    asked = environ("/own", "GET", **{REQUEST_KEY: Routed(rule_of(app, "/own"))})
    first = found.of_response(asked)
    assert (looked.calls, policied.calls) == (1, 1)
    assert found.of_response(asked) is first
    assert (looked.calls, policied.calls) == (1, 1)
    app.view_functions["view2"] = other(view)
    assert said(found.of_response(asked)) == "other 600"
    assert looked.calls == 2


def test_where_the_path_decides_a_view_keeps_no_policy() -> None:
    app = by_path()
    found = routes(app)
    for path, expected in (("/api/twice", "site 600"), ("/both/twice", "site other 600"), ("/api/twice", "site 600")):
        asked = environ(path, "GET", **{REQUEST_KEY: Routed(rule_of(app, "/<place>/twice"))})
        assert said(found.of_response(asked)) == expected


def test_a_method_that_is_made_up_is_not_kept() -> None:
    app = site()
    owners = routes(app).owners
    rule = rule_of(app, "/own")
    assert owners.own(rule, "GET") is owners.own(rule, "GET")
    assert owners.own(rule, "MADE-UP") is not owners.own(rule, "MADE-UP")
    assert owners.own(rule, "get").declarations == owners.own(rule, "GET").declarations
    assert (
        owners.own(rule_of(app, "/any"), "report").declarations
        == owners.own(rule_of(app, "/any"), "REPORT").declarations
    )


def test_each_policy_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = by_path()
    policies = routes(app).policies
    made = Counted(vars(policies_module)["make_policy"])
    monkeypatch.setattr(policies_module, "make_policy", made)
    bare = next(declaration for where, declaration in routes(app).owners.declared() if not declaration.options)
    first = [policies.of(bare, path) for path in ("/api/x", "/both/x", "/private")]
    assert made.calls == 3
    assert [policies.of(bare, path) for path in ("/api/y", "/both/y", "/other")] == first
    assert made.calls == 3


def test_a_declaration_with_origins_does_not_depend_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    app = by_path()
    policies = routes(app).policies
    made = Counted(vars(policies_module)["make_policy"])
    monkeypatch.setattr(policies_module, "make_policy", made)
    with_origins = next(
        declaration for where, declaration in routes(app).owners.declared() if "origins" in declaration.options
    )
    assert policies.is_constant(with_origins)
    assert policies.of(with_origins, "/api/x") is policies.of(with_origins, "/private")
    assert made.calls == 1


def test_a_policy_that_turns_out_to_be_wrong_names_its_place() -> None:
    wrong = Declaration({"supports_credentials": True}, "@cross_origin: ")
    with pytest.raises(CORSConfigError, match=r"^@cross_origin: origins: '\*' is the default"):
        routes(by_path()).policies.of(wrong, "/private")


def test_without_patterns_a_bare_declaration_does_not_depend_on_the_path() -> None:
    app = site()
    assert routes(app).policies.is_constant(Declaration({}))


# --- dispatchers and hosts ----------------------------------------------------------------------------------


def tenant(*names: str) -> Any:
    return lambda origin, environ: environ["HTTP_X_TENANT"] in names


@cross_origin(origins=[tenant("a")], max_age=600)
def first() -> str:
    return "first"


@cross_origin(methods=["GET"], max_age=600)
def second() -> str:
    return "second"


@cross_origin(origins=[tenant("a", "b")], max_age=600)
def third() -> str:
    return "third"


DISPATCHED = {"first": first, "second": second, "third": third}


def dispatch(name: str) -> Any:
    return DISPATCHED[name]()


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize(
    ("asked_by", "origin", "refused"),
    [("a", SITE, False), ("b", SITE, True), ("a", OTHER, True)],
    ids=["all allow it", "a function refuses it", "the application's patterns refuse it"],
)
def test_a_preflight_to_a_dispatcher_is_refused_if_one_function_refuses_it(
    asked_by: str, origin: str, refused: bool
) -> None:
    app = Flask("dispatching")
    CORS(app, resources={"/api/*": {"origins": SITE}, "/other/*": {"origins": OTHER}})
    app.add_url_rule("/api/<name>", "dispatch", dispatch)
    client = app.test_client()
    for name in DISPATCHED:
        client.get(f"/api/{name}", headers={"Origin": SITE, "X-Tenant": "a"})
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET", "X-Tenant": asked_by}
    response = client.options("/api/first", headers=headers)
    assert response.headers.get("Access-Control-Allow-Origin") == (None if refused else origin)
    assert response.headers.get("Access-Control-Max-Age") == (None if refused else "0")


@pytest.mark.parametrize("error", [SecurityError("untrusted"), UnicodeError("label too long")])
def test_a_host_that_flask_refuses_has_the_application_s_policy_for_the_path(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: Any) -> Any:
        raise error

    app = by_path()
    app.subdomain_matching = True
    app.config["SERVER_NAME"] = "localhost"
    monkeypatch.setattr(app, "create_url_adapter", refuse)
    assert preflight(app, "/both/own", "GET") == "site other 600"
    assert said(routes(app).of_response(environ("/both/own", "GET"))) == "site other 600"
