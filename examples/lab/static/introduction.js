// The introduction: what an origin is, who blocks, when the browser asks first, what cookies change.

import {$, origins} from "./dom.js";
import {draw, rowsOf} from "./picture.js";
import {sendFromPage} from "./sending.js";
import {dead, newRun, post, SENDING, trying} from "./talk.js";

const steps = {
  "intro-same-origin": "same-origin", "intro-other": "simple-none", "intro-none": "simple-none", "intro-right": "simple-right",
  "intro-ask": "preflight-right", "intro-cookie": "credentials-missing", "intro-cookie-right": "credentials-right",
};
const pictures = {
  "intro-same-origin": "picture-1", "intro-other": "picture-1", "intro-none": "picture-2", "intro-right": "picture-2",
  "intro-ask": "picture-3", "intro-cookie": "picture-4", "intro-cookie-right": "picture-4",
};

// The parts of an origin, of the URL that somebody types.
function showOrigin() {
  let url = null;
  try { url = new URL($("intro-url").value); } catch { /* not finished */ }
  const page = new URL(origins.page);
  const portOf = (each) => each.port || {"http:": "80", "https:": "443"}[each.protocol] || "";
  const parts = {scheme: url?.protocol.slice(0, -1), host: url?.hostname, port: url && portOf(url)};
  const own = {scheme: page.protocol.slice(0, -1), host: page.hostname, port: portOf(page)};
  for (const [name, value] of Object.entries(parts)) {
    $(`intro-${name}`).textContent = value || "?";
    $(`intro-${name}`).className = value === own[name] ? "same" : "other";
  }
  const different = Object.keys(own).filter((name) => parts[name] !== own[name]);
  $("intro-same").textContent = !url ? "This is not a URL yet."
    : !/^https?:$/.test(url.protocol) ? "Begin with http:// or https://."
    : !different.length ? "The same origin as this page: the browser sends the request and gives the response to JavaScript."
    : `Another origin than this page (${origins.page}), because the ${different.join(" and the ")} ${different.length > 1 ? "differ" : "differs"}: the server has to allow this page.`;
}

// Send the request of a scenario as it is before the fix, draw it, and say in one line what came of it.
async function step(button, scenario) {
  const line = $(`${pictures[button]}-result`);
  const run = newRun();
  // The first step compares origins, so both requests are the same otherwise.
  const request = button === "intro-same-origin" ? {...scenario.request, method: "GET", headers: {}, body: null} : {...scenario.request, times: 1};
  const result = await sendFromPage(request, run);
  const seen = await post(`/seen/${run}`, {request});
  const down = result.outcome === "blocked" && !seen.exchanges.length ? await dead() : "";
  if (down) {
    line.textContent = down;
    return;
  }
  const arrived = seen.exchanges.map((each) => `${each.line.split(" ")[0]} → ${each.status.split(" ")[0]}`).join(", then ");
  line.textContent = `${result.outcome === "readable" ? "Readable: JavaScript got the response" : "Blocked: JavaScript did not get the response"}. The server received: ${arrived || "nothing"}.`;
  line.className = result.outcome;
  draw($(pictures[button]), rowsOf(request, result, seen.exchanges), {server: new URL(scenario.request.url).origin});
}

// An action that says on its line that it is under way, and nothing there if it fails.
const said = (name, action) => trying(async () => {
  $(name).className = "";
  $(name).textContent = SENDING;
  try {
    await action();
  } catch (error) {
    $(name).textContent = "";
    throw error;
  }
});

async function withoutBrowser() {
  const line = $("intro-curl-result");
  const answer = await post("/without-browser/simple-none");
  line.textContent = answer.problem || `Status ${answer.status}: ${answer.body.trim()}`;
}

export function startIntroduction(fresh) {
  $("intro-url").addEventListener("input", showOrigin);
  showOrigin();
  for (const [button, id] of Object.entries(steps)) $(button).addEventListener("click", said(`${pictures[button]}-result`, () => step(button, fresh[id])));
  $("intro-curl").addEventListener("click", said("intro-curl-result", withoutBrowser));
  draw($("picture-1"), [{from: "script", to: "browser", text: "fetch"}, {at: "browser", text: "same origin?", state: "open"}]);
  draw($("picture-2"), [{from: "script", to: "browser", text: "fetch"}, {from: "browser", to: "server", text: "GET"}, {from: "server", to: "browser", text: "200"}, {at: "browser", text: "allowed?", state: "open"}]);
  draw($("picture-3"), [{from: "script", to: "browser", text: "fetch PUT"}, {at: "browser", text: "could a form send it?", state: "open"}]);
  draw($("picture-4"), [{from: "script", to: "browser", text: "fetch, with cookies"}, {from: "browser", to: "server", text: "GET"}, {at: "browser", text: "allowed with cookies?", state: "open"}]);
}
