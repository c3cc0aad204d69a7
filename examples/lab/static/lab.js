// Sends each scenario's requests for real, and shows both sides of the exchange.

const api = document.body.dataset.api;

const scenarios = [
  {
    id: "simple",
    title: "A simple request",
    why: "A GET needs no leave. The answer carries Access-Control-Allow-Origin, so script may read it.",
    policy: 'CORSPolicy(origins="*", expose_headers=["X-Total"])',
    requests: [["/public/greeting", {}]],
  },
  {
    id: "preflight",
    title: "A request with a preflight",
    why: "PUT with JSON could do harm, so the browser asks first, with OPTIONS, and then sends it.",
    policy: 'CORSPolicy(origins="*", expose_headers=["X-Total"])',
    requests: [
      ["/public/notes/1", { method: "PUT", headers: { "Content-Type": "application/json" }, body: '{"text": "hi"}' }],
    ],
  },
  {
    id: "credentials",
    title: "A request with a cookie",
    why: "The cookie of the first request comes back with the second; both answers allow credentials by name.",
    policy: `CORSPolicy(origins="${location.origin}", supports_credentials=True)`,
    requests: [
      ["/account/login", { method: "POST", credentials: "include" }],
      ["/account/me", { credentials: "include" }],
    ],
  },
  {
    id: "exposed",
    title: "An exposed header",
    why: "Script reads X-Total, which the server exposes. It also sends X-Internal, which stays hidden.",
    policy: 'CORSPolicy(origins="*", expose_headers=["X-Total"])',
    requests: [["/public/report", {}]],
  },
  {
    id: "refused",
    title: "A simple request, refused",
    why: "The server answers, but for another origin alone. The browser keeps the answer from script.",
    policy: 'CORSPolicy(origins="https://partner.example")',
    requests: [["/partner/prices", {}]],
  },
  {
    id: "refused-preflight",
    title: "A preflight, refused",
    why: "The server says no to the question, so the DELETE itself is never sent.",
    policy: 'CORSPolicy(origins="https://partner.example")',
    requests: [["/partner/prices", { method: "DELETE" }]],
  },
];

// What script is given: everything that the browser lets it read, or the error, which says next to nothing.
async function send(url, options) {
  try {
    const response = await fetch(url, options);
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    return { readable: true, text: [response.status, ...headers, "", await response.text()].join("\n") };
  } catch (error) {
    return { readable: false, text: `${error.name}: ${error.message}` };
  }
}

function wireText(exchange) {
  const lines = (headers) => headers.map(([name, value]) => `${name}: ${value}`);
  return [exchange.request, ...lines(exchange.sent), "", exchange.status, ...lines(exchange.received)].join("\n");
}

function codeOf([path, options]) {
  const url = JSON.stringify(api + path);
  return Object.keys(options).length ? `fetch(${url}, ${JSON.stringify(options, null, 1)})` : `fetch(${url})`;
}

async function run(scenario, card) {
  const query = `?run=${crypto.randomUUID()}`; // a URL of its own: no preflight is served from the browser's cache
  const seen = [];
  for (const [path, options] of scenario.requests) seen.push(await send(api + path + query, options));
  const exchanges = await (await fetch(`${api}/exchanges${query}`)).json();

  const readable = seen.every((result) => result.readable);
  card.dataset.outcome = readable ? "readable" : "blocked";
  card.querySelector(".outcome").textContent = readable ? "readable" : "blocked by the browser";
  card.querySelector(".seen").textContent = seen.map((result) => result.text).join("\n\n");
  card.querySelector(".wire").textContent = exchanges.map(wireText).join("\n\n");
  card.querySelector(".sides").hidden = false;
}

function show(scenario) {
  const card = document.getElementById("scenario").content.cloneNode(true).querySelector("article");
  card.id = scenario.id;
  card.querySelector("h2").textContent = scenario.title;
  card.querySelector(".why").textContent = scenario.why;
  card.querySelector(".code").textContent = scenario.requests.map(codeOf).join("\n");
  card.querySelector(".policy").textContent = scenario.policy;
  card.querySelector("button").addEventListener("click", () => run(scenario, card).catch((error) => fail(card, error)));
  document.getElementById("scenarios").append(card);
  return card;
}

// The record itself could not be read: the server is gone, which is no matter of CORS.
function fail(card, error) {
  card.dataset.outcome = "unreachable";
  card.querySelector(".outcome").textContent = `no answer from ${api} (${error.message}): is the demo still running?`;
}

document.getElementById("page-origin").textContent = location.origin;
const cards = scenarios.map(show);
document.getElementById("send-all").addEventListener("click", () => {
  for (const card of cards) card.querySelector("button").click();
});
