"""The scenarios: a request, the server's code that runs, what comes of it, and the change that mends it.

``{page}``, ``{api}``, ``{third}`` and ``{elsewhere}`` stand for the lab's origins; the last is the API under
another host.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OTHER = "https://other.example"


@dataclass(frozen=True)
class Request:
    """What the page sends. *host*: which origin. *kind*: ``fetch``, ``events``, ``font``, ``sandbox``, ``two-pages``."""

    method: str = "GET"
    host: str = "api"
    path: str = "item"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    credentials: str = "same-origin"
    mode: str = "cors"
    kind: str = "fetch"
    times: int = 1


@dataclass(frozen=True)
class Scenario:
    """*server*: the lines that run; *setting*: what else the application does, by name in ``applications.SETTINGS``.

    *outcome*: ``blocked``, ``readable`` or ``opaque``; *differs*: by engine, where one does its own way. *mended*,
    *mended_request*: what the fix changes. *shows*: a text that the result shows when mended, besides being readable.
    """

    id: str
    group: str
    title: str
    why: str
    request: Request
    server: str
    outcome: str
    mended: str | None = None
    mended_request: Request | None = None
    setting: str = ""
    differs: dict[str, str] = field(default_factory=dict)
    shows: str = ""


HEADER = 'response.headers["Access-Control-Allow-Origin"] = '
RIGHT = 'CORS(app, origins=["{page}"])'
WITH_CREDENTIALS = 'CORS(app, origins=["{page}"], supports_credentials=True)'
JSON = {"Content-Type": "application/json"}
SIMPLE, PREFLIGHT, CREDENTIALED = "Simple requests", "Preflighted requests", "Requests with credentials"
DAYS, THIRD = "The ones that cost people days", "A third party's API without CORS"


def _get(**changes: Any) -> Request:
    return Request(**changes)


def _put(**changes: Any) -> Request:
    return Request(**{"method": "PUT", "headers": JSON, "body": '{"name": "tea"}', **changes})


SCENARIOS = [
    Scenario("simple-none", SIMPLE, "No header at all", "The server answered, and said nothing about other origins: so the browser keeps the answer from script. It was sent, and it arrived.", _get(), "# nothing about CORS", "blocked", RIGHT),
    Scenario("simple-wildcard", SIMPLE, "A wildcard", "Everybody may read: right for what anybody could fetch without a browser.", _get(), 'CORS(app, origins="*")', "readable"),
    Scenario("simple-other", SIMPLE, "Another origin in the header", "The header names an origin, but not this page's. It is compared to the letter.", _get(), HEADER + f'"{OTHER}"', "blocked", RIGHT),
    Scenario("simple-right", SIMPLE, "The right origin", "The header names this page's origin, and Vary tells caches that it depends on who asks.", _get(), RIGHT, "readable"),

    Scenario("preflight-origin", PREFLIGHT, "The preflight refuses the origin", "PUT with JSON needs leave, so the browser asks first. It is refused, and the PUT is never sent.", _put(), f'CORS(app, origins=["{OTHER}"])', "blocked", RIGHT),
    Scenario("preflight-method", PREFLIGHT, "The method is missing", "The preflight lists what is allowed; DELETE is not among it.", _get(method="DELETE"), 'CORS(app, origins=["{page}"], methods=["GET", "PUT"])', "blocked", 'CORS(app, origins=["{page}"], methods=["GET", "PUT", "DELETE"])'),
    Scenario("preflight-executed", PREFLIGHT, "Blocked, and executed all the same", "The preflight passed, so the DELETE was sent and done: see the counter. Only its answer was kept from script, because it names another origin.", _get(method="DELETE"), HEADER + f'"{{page}}" if request.method == "OPTIONS" else "{OTHER}"\nresponse.headers["Access-Control-Allow-Methods"] = "DELETE"', "blocked", RIGHT),
    Scenario("preflight-right", PREFLIGHT, "All right", "First OPTIONS, then PUT: both answers name the origin.", _put(), RIGHT, "readable"),

    Scenario("credentials-wildcard", CREDENTIALED, "A wildcard", "With credentials the wildcard does not count: the server has to name the one origin that it trusts with a user's session.", _get(credentials="include"), HEADER + '"*"', "blocked", WITH_CREDENTIALS),
    Scenario("credentials-missing", CREDENTIALED, "Without Access-Control-Allow-Credentials", "The origin is right; that it may read what belongs to a user is a second header.", _get(credentials="include"), RIGHT, "blocked", WITH_CREDENTIALS),
    Scenario("credentials-right", CREDENTIALED, "A cookie that comes back", "Sent twice: the first answer sets a cookie, the second request carries it. Ports do not make another site, so SameSite=Lax lets it through.", _get(credentials="include", times=2), WITH_CREDENTIALS, "readable", setting="cookie", shows="visits=1"),

    Scenario("auth-401", DAYS, "A login answers the preflight with 401", "Browsers never send credentials with a preflight. A login that asks for them refuses every one.", _put(headers={**JSON, "Authorization": "Bearer lab"}), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Headers"] = "authorization, content-type"\nresponse.headers["Access-Control-Allow-Methods"] = "PUT"', "blocked", RIGHT, setting="login"),
    Scenario("slash-redirect", DAYS, "A slash redirect answers the preflight", "The route ends in a slash, the URL does not: Flask redirects, and browsers never follow a preflight's redirect.", _put(), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Headers"] = "content-type"\nresponse.headers["Access-Control-Allow-Methods"] = "PUT"', "blocked", RIGHT, setting="slash"),
    Scenario("options-405", DAYS, "405 on OPTIONS", "The route serves PUT and nothing else, so the preflight is not allowed.", _put(), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Headers"] = "content-type"', "blocked", RIGHT, setting="no-options"),
    Scenario("error-500", DAYS, "An error page without headers", "The view failed before it set its header. The page is told of CORS, and the real error hides in the server's log.", _get(path="crash"), "# the view sets the header itself", "blocked", RIGHT, setting="in-view", shows="500"),
    Scenario("two-values", DAYS, "Two Access-Control-Allow-Origin", "The application adds one and the proxy another: even if both are right, browsers refuse them together.", _get(), HEADER + '"{page}"\nresponse.headers.add("Access-Control-Allow-Origin", "{page}")', "blocked", RIGHT),
    Scenario("list-value", DAYS, "A list in one value", "Expose-Headers is a list; this header is not.", _get(), HEADER + f'"{{page}}, {OTHER}"', "blocked", f'CORS(app, origins=["{{page}}", "{OTHER}"])'),
    Scenario("trailing-slash", DAYS, "A slash at the end", "Copied from the address bar. An origin has no path, so it has no slash.", _get(), HEADER + '"{page}/"', "blocked", RIGHT),
    Scenario("wrong-scheme", DAYS, "https for http", "The scheme belongs to the origin.", _get(), HEADER + '"{page_https}"', "blocked", RIGHT),
    Scenario("wrong-port", DAYS, "Another port", "So does the port: the development server took another one today.", _get(), HEADER + '"http://localhost:3000"', "blocked", 'CORS(app, origins=["http://localhost:*"])'),
    Scenario("localhost-127", DAYS, "127.0.0.1 for localhost", "The same machine, and two origins, and two sites.", _get(), HEADER + '"{page_127}"', "blocked", RIGHT),
    Scenario("json-content-type", DAYS, "JSON, and Content-Type is not allowed", "JSON is no form's type, so Content-Type needs leave.", _put(method="POST"), 'CORS(app, origins=["{page}"], allow_headers=["Authorization"])', "blocked", 'CORS(app, origins=["{page}"], allow_headers=["Authorization", "Content-Type"])'),
    Scenario("custom-header", DAYS, "A header of your own is refused", "Every name that is not safelisted has to be in the list.", _get(headers={"X-Api-Key": "1"}), 'CORS(app, origins=["{page}"], allow_headers=["Content-Type"])', "blocked", 'CORS(app, origins=["{page}"], allow_headers=["Content-Type", "X-Api-Key"])'),
    Scenario("authorization-star", DAYS, "Authorization and *", "By the standard the wildcard does not cover Authorization. Every browser of today lets it through, and one of them warns: list it before they stop.", _get(headers={"Authorization": "Bearer lab"}), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Headers"] = "*"', "readable", 'CORS(app, origins=["{page}"], allow_headers=["Authorization"])'),
    Scenario("wildcard-lists", DAYS, "Wildcards in lists, with credentials", "With credentials * is the name of a method and of a header, and no wildcard.", _put(credentials="include"), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Credentials"] = "true"\nresponse.headers["Access-Control-Allow-Methods"] = "*"\nresponse.headers["Access-Control-Allow-Headers"] = "*"', "blocked", WITH_CREDENTIALS),
    Scenario("not-exposed", DAYS, "A header that script cannot read", "It is in the answer, and response.headers.get() gives null: only seven names are readable unless they are exposed.", _get(), RIGHT, "readable", 'CORS(app, origins=["{page}"], expose_headers=["X-Total-Count"])', setting="total", shows="x-total-count: 3"),
    Scenario("null-origin", DAYS, "A sandboxed frame is null", "Its origin is opaque, so the browser sends Origin: null, which no server should allow: every sandbox has it.", _get(kind="sandbox"), RIGHT, "blocked", mended_request=_get()),
    Scenario("redirect-third", DAYS, "A redirect to a third origin", "Both servers allow this page. After a redirect from one to the other the origin is null, which neither allows.", _get(), RIGHT, "blocked", mended_request=_get(host="third", path="landed"), setting="redirect"),
    Scenario("cookie-samesite", DAYS, "A cookie that does not come back", "localhost and 127.0.0.1 are two sites: a cookie without SameSite=None is dropped, and nobody says so.", _get(credentials="include", host="elsewhere", times=2), WITH_CREDENTIALS, "readable", mended_request=_get(credentials="include", times=2), setting="cookie", shows="visits=1"),
    Scenario("patch-case", DAYS, "patch for PATCH", "Browsers put six methods in capitals, and PATCH is not among them. Methods are compared with their case.", _get(method="patch"), RIGHT, "blocked", mended_request=_get(method="PATCH")),
    Scenario("header-in-request", DAYS, "Access-Control-Allow-Origin in the request", "It is the server's to send. In a request it is one more header that needs leave.", _get(headers={"Access-Control-Allow-Origin": "*"}), 'CORS(app, origins=["{page}"], allow_headers=["Content-Type"])', "blocked", mended_request=_get()),
    Scenario("max-age", DAYS, "Two calls, two preflights", "Browsers keep the answer to a preflight for as long as it says: here not at all. Sent twice.", _put(times=2), 'CORS(app, origins=["{page}"], max_age=0)', "readable", 'CORS(app, origins=["{page}"], max_age=600)', shows="1 preflight"),
    Scenario("vary", DAYS, "A cache without Vary", "Two pages ask for the same URL. The first one's answer is cached, with its origin in the header, and the second page is given that.", _get(kind="two-pages"), HEADER + 'request.headers.get("Origin")\nresponse.headers["Cache-Control"] = "max-age=60"', "blocked", 'CORS(app, origins=["{page}", "{third}"])\nresponse.headers["Cache-Control"] = "max-age=60"', differs={"safari": "readable"}),
    Scenario("no-cors", DAYS, "mode: no-cors", "It does not switch CORS off. It gives up reading: status 0, no body.", _get(mode="no-cors"), RIGHT, "opaque", mended_request=_get()),
    Scenario("post-executed", DAYS, "A simple POST: blocked, and executed", "A form could send the same, so nobody asks first. CORS protects reading; the order was placed.", _get(method="POST", body="order=1", headers={"Content-Type": "text/plain"}), f'CORS(app, origins=["{OTHER}"])', "blocked", RIGHT),
    Scenario("same-origin", DAYS, "The same request within the page's origin", "For comparison: no Origin header, no preflight, and everything readable.", _put(host="page"), "# nothing about CORS", "readable"),
    Scenario("events", DAYS, "Server-sent events", "EventSource is a cross-origin request like any other.", _get(kind="events", path="events"), "# nothing about CORS", "blocked", RIGHT, setting="events"),
    Scenario("font", DAYS, "A font", "Fonts are always fetched with CORS, whatever loads them from another origin.", _get(kind="font", path="font"), "# nothing about CORS", "blocked", RIGHT, setting="font", differs={"safari": "readable"}),

    Scenario("third-party", THIRD, "Somebody else's API", "You cannot change that server. Ask your own to fetch it: fixed upstreams, allowed paths, your key added there, no cookies passed on (examples/bridge.py).", _get(host="third", path="weather"), "# not your server", "blocked", RIGHT, _get(host="api", path="bridge/weather/third-party/weather"), setting="weather"),
]  # fmt: skip
BY_ID = {scenario.id: scenario for scenario in SCENARIOS}
