"""The scenarios: a request, the server's code that runs, the outcome, and the change that fixes it.

``{page}``, ``{api}``, ``{third}``, ``{stopped}`` and ``{elsewhere}`` stand for the lab's origins; the last is the API
under another host.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OTHER = "https://other.example"


@dataclass(frozen=True)
class Request:
    """What the page sends. *host*: which origin.

    *kind*: ``fetch``, ``form``, ``events``, ``font``, ``sandbox``, ``two-pages``.
    """

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

    *outcome*: ``blocked``, ``readable``, ``opaque`` or ``dead``; *differs*: by engine, where one does its own way. *fixed*,
    *fixed_request*: what the fix changes. *shows*: a text that the result shows when fixed, besides being readable. *remedy*:
    what to write, where the server's code cannot show it.
    """

    id: str
    group: str
    title: str
    why: str
    request: Request
    server: str
    outcome: str
    fixed: str | None = None
    fixed_request: Request | None = None
    setting: str = ""
    differs: dict[str, str] = field(default_factory=dict)
    shows: str = ""
    fixed_outcome: str = "readable"
    remedy: str = ""


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
    Scenario("simple-none", SIMPLE, "No header at all", "The response has no CORS header, so the browser hides it from JavaScript. The server still received and answered the request.", _get(), "# nothing about CORS", "blocked", RIGHT),
    Scenario("simple-wildcard", SIMPLE, "A wildcard", "Every page may read this response. This is right for public data.", _get(), 'CORS(app, origins="*")', "readable"),
    Scenario("simple-other", SIMPLE, "Another origin in the header", "The header names another origin. The browser compares it letter by letter with the origin of this page.", _get(), HEADER + f'"{OTHER}"', "blocked", RIGHT),
    Scenario("simple-right", SIMPLE, "The right origin", "The header names the origin of this page. Vary tells caches that the response depends on the origin.", _get(), RIGHT, "readable"),

    Scenario("preflight-origin", PREFLIGHT, "The preflight refuses the origin", "The browser sends a preflight before a PUT with JSON. The server refuses it, so the browser never sends the PUT.", _put(), f'CORS(app, origins=["{OTHER}"])', "blocked", RIGHT),
    Scenario("preflight-method", PREFLIGHT, "The method is missing", "The preflight's response lists the allowed methods. DELETE is not one of them.", _get(method="DELETE"), 'CORS(app, origins=["{page}"], methods=["GET", "PUT"])', "blocked", 'CORS(app, origins=["{page}"], methods=["GET", "PUT", "DELETE"])'),
    Scenario("preflight-executed", PREFLIGHT, "Blocked, and executed all the same", "The preflight passed, so the server executed the DELETE: see the counter. The browser only hides its response, because that names another origin.", _get(method="DELETE"), HEADER + f'"{{page}}" if request.method == "OPTIONS" else "{OTHER}"\nresponse.headers["Access-Control-Allow-Methods"] = "DELETE"', "blocked", RIGHT),
    Scenario("preflight-right", PREFLIGHT, "All right", "First OPTIONS, then PUT: both responses name the origin of this page.", _put(), RIGHT, "readable"),

    Scenario("credentials-wildcard", CREDENTIALED, "A wildcard", "A wildcard never allows credentials. The server has to name the origin of the page.", _get(credentials="include"), HEADER + '"*"', "blocked", WITH_CREDENTIALS),
    Scenario("credentials-missing", CREDENTIALED, "Without Access-Control-Allow-Credentials", "The origin is right. A request with cookies needs a second header in the response.", _get(credentials="include"), RIGHT, "blocked", WITH_CREDENTIALS),
    Scenario("credentials-right", CREDENTIALED, "A cookie that comes back", "Sent twice: the first response sets a cookie, and the second request sends it. Two ports of localhost are the same site, so SameSite=Lax is enough.", _get(credentials="include", times=2), WITH_CREDENTIALS, "readable", setting="cookie", shows="visits=1"),

    Scenario("auth-401", DAYS, "A login check answers the preflight with 401", "Browsers never send credentials with a preflight. So a login check that runs for OPTIONS refuses every preflight.", _put(headers={**JSON, "Authorization": "Bearer lab"}), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Headers"] = "authorization, content-type"\nresponse.headers["Access-Control-Allow-Methods"] = "PUT"', "blocked", RIGHT, setting="login"),
    Scenario("slash-redirect", DAYS, "A slash redirect answers the preflight", "The route ends in a slash, and the URL does not. Flask redirects, and browsers do not follow a redirect of a preflight.", _put(), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Headers"] = "content-type"\nresponse.headers["Access-Control-Allow-Methods"] = "PUT"', "blocked", RIGHT, setting="slash"),
    Scenario("options-405", DAYS, "405 on OPTIONS", "The route was made without Flask's automatic answer to OPTIONS, so Flask answers 405.", _put(), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Headers"] = "content-type"', "blocked", RIGHT, setting="no-options"),
    Scenario("error-500", DAYS, "An error page without headers", "The view raised an exception before it set the header. The browser reports a CORS error, and the real error is in the server's log.", _get(path="crash"), "# the view sets the header itself", "blocked", RIGHT, setting="in-view", shows="500"),
    Scenario("server-stopped", DAYS, "The server does not run", "Nothing listens on this port. JavaScript gets the same TypeError as for a CORS error, and Firefox even writes that a cross-origin request was blocked. But no header can help: there is no response.", _get(host="stopped"), "# this server was not started", "dead", RIGHT, _get(), remedy="Start the server, and compare host and port of the URL with what it prints when it starts. Here the server runs at {api}"),
    Scenario("two-values", DAYS, "Two Access-Control-Allow-Origin", "The application adds one header, and the proxy adds another. Browsers block a response with two, even if both are right.", _get(), HEADER + '"{page}"\nresponse.headers.add("Access-Control-Allow-Origin", "{page}")', "blocked", RIGHT),
    Scenario("list-value", DAYS, "A list in one value", "This header takes only one origin, and no list.", _get(), HEADER + f'"{{page}}, {OTHER}"', "blocked", f'CORS(app, origins=["{{page}}", "{OTHER}"])'),
    Scenario("trailing-slash", DAYS, "A slash at the end", "The value was copied from the address bar. An origin has no path, so it has no slash at its end.", _get(), HEADER + '"{page}/"', "blocked", RIGHT),
    Scenario("wrong-scheme", DAYS, "https for http", "The scheme is part of the origin.", _get(), HEADER + '"{page_https}"', "blocked", RIGHT),
    Scenario("wrong-port", DAYS, "Another port", "The port is part of the origin, too. The development server uses another port today.", _get(), HEADER + '"http://localhost:3000"', "blocked", 'CORS(app, origins=["http://localhost:*"])'),
    Scenario("localhost-127", DAYS, "127.0.0.1 for localhost", "Both names mean this machine, but for a browser they are two origins and two sites.", _get(), HEADER + '"{page_127}"', "blocked", RIGHT),
    Scenario("json-content-type", DAYS, "JSON, and Content-Type is not allowed", "Forms cannot send JSON. So a request with this Content-Type needs a preflight, and the server has to allow the header.", _put(method="POST"), 'CORS(app, origins=["{page}"], allow_headers=["Authorization"])', "blocked", 'CORS(app, origins=["{page}"], allow_headers=["Authorization", "Content-Type"])'),
    Scenario("custom-header", DAYS, "A header of your own is refused", "The preflight's response has to list every request header of your own. Only a few are always allowed, such as Accept.", _get(headers={"X-Api-Key": "1"}), 'CORS(app, origins=["{page}"], allow_headers=["Content-Type"])', "blocked", 'CORS(app, origins=["{page}"], allow_headers=["Content-Type", "X-Api-Key"])'),
    Scenario("authorization-star", DAYS, "Authorization and *", "By the standard a wildcard does not cover Authorization. Today's browsers let it pass. List the header by its name.", _get(headers={"Authorization": "Bearer lab"}), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Headers"] = "*"', "readable", 'CORS(app, origins=["{page}"], allow_headers=["Authorization"])'),
    Scenario("wildcard-lists", DAYS, "Wildcards in lists, with credentials", "In a request with credentials * is not a wildcard: it means a method or a header with the name *.", _put(credentials="include"), HEADER + '"{page}"\nresponse.headers["Access-Control-Allow-Credentials"] = "true"\nresponse.headers["Access-Control-Allow-Methods"] = "*"\nresponse.headers["Access-Control-Allow-Headers"] = "*"', "blocked", WITH_CREDENTIALS),
    Scenario("not-exposed", DAYS, "A header that JavaScript cannot read", "The header is in the response, but response.headers.get() returns null. JavaScript can always read seven headers, such as Content-Type; the server has to name the others.", _get(), RIGHT, "readable", 'CORS(app, origins=["{page}"], expose_headers=["X-Total-Count"])', setting="total", shows="x-total-count: 3"),
    Scenario("null-origin", DAYS, "A sandboxed frame is null", "A sandboxed frame (without allow-same-origin) has no origin of its own, so the browser sends Origin: null. Do not allow null: every website can open such a frame.", _get(kind="sandbox"), RIGHT, "blocked", fixed_request=_get(), remedy="Send the request from the page itself, as the fix does: fetch(\"{api}/null-origin/item\") with the origin {page}. If the frame's code is your own, remove the sandbox attribute."),
    Scenario("redirect-third", DAYS, "A redirect to a third origin", "Both servers allow this page. But after a redirect from one of them to the other the browser sends Origin: null, which neither allows, and none should.", _get(), RIGHT, "blocked", fixed_request=_get(host="third", path="landed"), setting="redirect", remedy="Request the last URL in the page: fetch(\"{third}/redirect-third/landed\"). Then there is no redirect, and the browser sends Origin: {page}, which that server allows."),
    Scenario("cookie-samesite", DAYS, "A cookie that does not come back", "localhost and 127.0.0.1 are two sites. The browser drops a cookie without SameSite=None, and JavaScript gets no error.", _get(credentials="include", host="elsewhere", times=2), WITH_CREDENTIALS, "readable", fixed_request=_get(credentials="include", times=2), setting="cookie", shows="visits=1", remedy="Use the same host in both URLs, as the fix does: {api} in place of {elsewhere}. In production use one domain, such as app.example and api.app.example. Or set the cookie with SameSite=None and Secure over https: but Safari, and users of every browser, can block such cookies all the same"),
    Scenario("patch-case", DAYS, "patch for PATCH", "Browsers change six methods to capitals. PATCH is not one of them, and methods are compared with their case.", _get(method="patch"), RIGHT, "blocked", fixed_request=_get(method="PATCH")),
    Scenario("header-in-request", DAYS, "Access-Control-Allow-Origin in the request", "This is a response header: the server sends it. In a request it is only one more header that the server does not allow.", _get(headers={"Access-Control-Allow-Origin": "*"}), 'CORS(app, origins=["{page}"], allow_headers=["Content-Type"])', "blocked", fixed_request=_get()),
    Scenario("max-age", DAYS, "Two calls, two preflights", "Sent twice. Browsers cache a preflight for at most as long as its response says. The response here says 0 seconds, so the browser does not cache it.", _put(times=2), 'CORS(app, origins=["{page}"], max_age=0)', "readable", 'CORS(app, origins=["{page}"], max_age=600)', shows="1 preflight"),
    Scenario("vary", DAYS, "A cache without Vary", "Two pages of one site fetch the same URL. The browser caches the response for the first page, with its origin in the header, and uses it for the second page.", _get(kind="two-pages"), HEADER + 'request.headers.get("Origin")\nresponse.headers["Cache-Control"] = "max-age=60"', "blocked", 'CORS(app, origins=["{page}", "{third}"])\nresponse.headers["Cache-Control"] = "max-age=60"', differs={"safari": "readable"}, remedy="Send Vary: Origin with every response, also without an Origin in the request. Then caches keep one response for each origin. CORS(app, origins=[...]) sends it."),
    Scenario("no-cors", DAYS, "mode: no-cors", "This mode does not switch CORS off. JavaScript gets an empty response with status 0.", _get(mode="no-cors"), RIGHT, "opaque", fixed_request=_get()),
    Scenario("post-executed", DAYS, "A simple POST: blocked, and executed", "A form could send the same request, so the browser sends no preflight. The server executed the POST: see the counter. CORS only hides the response. With csrf_protection=True the library refuses the request before the application runs.", _get(method="POST", body="order=1", headers={"Content-Type": "text/plain"}), f'CORS(app, origins=["{OTHER}"])', "blocked", f'CORS(app, origins=["{OTHER}"], csrf_protection=True)', shows="executed by the server so far: 1", fixed_outcome="blocked"),
    Scenario("form-executed", DAYS, "A form of another origin, and executed", "Every website can send a form to your server, with those of your users' cookies that SameSite allows. CORS does not apply to forms. The browser says who sends the form, in Origin and Sec-Fetch-Site, and csrf_protection=True refuses it.", _get(kind="form", method="POST", body="order=1", headers={"Content-Type": "application/x-www-form-urlencoded"}), f'CORS(app, origins=["{OTHER}"])', "opaque", f'CORS(app, origins=["{OTHER}"], csrf_protection=True)', shows="executed by the server so far: 1", fixed_outcome="opaque"),
    Scenario("same-origin", DAYS, "The same request within the page's origin", "For comparison: the browser sends no preflight and checks no CORS header, and JavaScript can read everything.", _put(host="page"), "# nothing about CORS", "readable"),
    Scenario("events", DAYS, "Server-sent events", "EventSource needs the same headers as every other cross-origin request.", _get(kind="events", path="events"), "# nothing about CORS", "blocked", RIGHT, setting="events"),
    Scenario("font", DAYS, "A font", "Browsers fetch fonts of another origin with CORS. Only WebKit on Linux does not check them.", _get(kind="font", path="font"), "# nothing about CORS", "blocked", RIGHT, setting="font", differs={"safari": "readable"}),

    Scenario("third-party", THIRD, "An API that you cannot change", "You cannot change this server. Let your own server fetch the data, as examples/bridge.py does: with fixed upstreams, allowed paths and your own key, and without the user's cookies.", _get(host="third", path="weather"), "# not your server", "blocked", RIGHT, _get(host="api", path="bridge/weather/third-party/weather"), setting="weather", remedy="Change the URL in the page to a route of your own server: fetch(\"{api}/third-party/bridge/weather/third-party/weather\"). That server fetches the data from {third}. Servers do not check CORS. Do not use a public proxy: it reads everything"),
]  # fmt: skip
BY_ID = {scenario.id: scenario for scenario in SCENARIOS}
