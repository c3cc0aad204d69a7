// The introduction: what an origin is, who blocks, when the browser asks first, what cookies change.

let $, origins, kinds, scenarios, tab, trying;

// The parts of an origin, of the URL that somebody types.
function showOrigin() {
  let url = null;
  try { url = new URL($("intro-url").value); } catch { /* not finished */ }
  const port = url && (url.port || {"http:": "80", "https:": "443"}[url.protocol] || "");
  for (const [name, value] of Object.entries({scheme: url?.protocol.slice(0, -1), host: url?.hostname, port})) $(`intro-${name}`).textContent = value || "?";
  $("intro-same").textContent = !url ? "This is not a URL yet."
    : url.origin === origins.page ? "The same origin as this page: no CORS is needed."
    : `Another origin than this page (${origins.page}): the browser asks for permission.`;
}

const lastStep = {"intro-none": "simple-none", "intro-right": "simple-right", "intro-ask": "preflight-right", "intro-cookie": "credentials-missing"};

// Send the request of a scenario, and say in one line what came of it.
async function step(button) {
  const scenario = scenarios[lastStep[button]];
  const line = $(`${button}-result`);
  line.textContent = "Sending …";
  const run = `${tab}-${Math.random().toString(36).slice(2, 10)}`;
  const result = await kinds.fetch(scenario.request, run);
  const seen = await (await fetch(`/exchanges/${run}`)).json();
  const arrived = seen.exchanges.map((each) => `${each.line.split(" ")[0]} → ${each.status.split(" ")[0]}`).join(", then ");
  line.textContent = `${result.outcome === "readable" ? "Readable: JavaScript got the response" : "Blocked: JavaScript did not get the response"}. The server received: ${arrived || "nothing"}.`;
  line.className = result.outcome;
}

export function startIntroduction(lab) {
  ({$, origins, kinds, scenarios, tab, trying} = lab);
  $("intro-url").addEventListener("input", showOrigin);
  showOrigin();
  for (const button of Object.keys(lastStep)) $(button).addEventListener("click", trying(() => step(button)));
}
