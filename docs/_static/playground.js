// The playground: an application and a request to edit, and below what three browsers do with them.

const $ = (id) => document.getElementById(id);
const FIELDS = ["application", "origin", "request"];
const TYPING = 400; // ms
const names = {chrome: "Chrome", firefox: "Firefox", safari: "Safari"};
const words = {readable: "JavaScript gets the response", blocked: "blocked", opaque: "opaque: JavaScript sees nothing of the response"};

const head = "from flask import Flask, jsonify\nfrom flask_crossorigin import CORS\n\napp = Flask(__name__)\n";
const examples = {
  "A simple GET": {application: `${head}CORS(app, origins=["https://app.example"])\n\n\n@app.get("/items")\ndef items():\n    return jsonify(tea=3)\n`, origin: "https://app.example", request: 'fetch("https://api.example/items")'},
  "No CORS at all": {application: `${head}\n\n@app.get("/items")\ndef items():\n    return jsonify(tea=3)\n`, origin: "https://app.example", request: 'fetch("https://api.example/items")'},
  "A PUT with JSON": {application: `${head}CORS(app, origins=["https://app.example"])\n\n\n@app.put("/items/1")\ndef save():\n    return jsonify(saved=True)\n`, origin: "https://app.example", request: 'fetch("https://api.example/items/1", {\n  method: "PUT",\n  headers: {"Content-Type": "application/json"},\n  body: JSON.stringify({name: "tea"}),\n})'},
  "With cookies": {application: `${head}CORS(app, origins=["https://app.example"])\n\n\n@app.get("/me")\ndef me():\n    return jsonify(name="Ada")\n`, origin: "https://app.example", request: 'fetch("https://api.example/me", {credentials: "include"})'},
  "A login check answers the preflight": {application: `${head.replace("jsonify", "abort, jsonify, request")}\n\n@app.before_request\ndef login():\n    if "Authorization" not in request.headers:\n        abort(401)\n\n\n@app.after_request\ndef cors(response):\n    response.headers["Access-Control-Allow-Origin"] = "https://app.example"\n    response.headers["Access-Control-Allow-Headers"] = "authorization"\n    return response\n\n\n@app.get("/items")\ndef items():\n    return jsonify(tea=3)\n`, origin: "https://app.example", request: 'fetch("https://api.example/items", {\n  headers: {Authorization: "Bearer secret"},\n})'},
  "A header that JavaScript cannot read": {application: `${head}CORS(app, origins=["https://app.example"])\n\n\n@app.get("/items")\ndef items():\n    return jsonify([]), {"X-Total-Count": "3"}\n`, origin: "https://app.example", request: 'fetch("https://api.example/items")'},
  "A policy that does not start": {application: `${head}CORS(app, origins=["*", "https://app.example/"], supports_credentials=True)\n`, origin: "https://app.example", request: 'fetch("https://api.example/items")'},
};

let worker, number = 0, shown = 0, browser = "chrome", last = null, timer;

function element(tag, text, className) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function status(text, isProblem = false) {
  $("status").textContent = text;
  $("status").className = isProblem ? "problem" : "";
}

const values = () => Object.fromEntries(FIELDS.map((name) => [name, $(name).value]));

function remember() {
  history.replaceState(null, "", `#${new URLSearchParams(values())}`);
}

function fill(given) {
  for (const name of FIELDS) $(name).value = given[name];
}

function run() {
  if (!worker || worker.isLoading) return;
  worker.postMessage({number: ++number, ...values()});
}

function changed() {
  remember();
  clearTimeout(timer);
  timer = setTimeout(run, TYPING);
}

function show(result) {
  last = result;
  $("problem").textContent = result.problem || "";
  $("result").hidden = Boolean(result.problem);
  if (result.problem) return;
  $("verdicts").replaceChildren(...Object.entries(result.browsers).map(([name, each]) => {
    const button = element("button", `${names[name]}: ${words[each.outcome]}`, each.outcome);
    button.type = "button";
    button.setAttribute("aria-pressed", name === browser);
    button.addEventListener("click", () => { browser = name; show(last); });
    return button;
  }));
  const each = result.browsers[browser];
  $("console").textContent = each.console || (each.outcome === "readable" ? `(nothing)\n\nJavaScript gets ${each.status}:\n${each.headers.map((header) => header.join(": ")).join("\n")}\n\n${each.body}` : "(nothing)");
  $("wire").replaceChildren(...each.exchanges.flatMap(({sent, received}) => [element("pre", sent, "sent"), element("pre", received, "received")]));
  $("report").textContent = each.report;
  $("log").textContent = result.log;
  $("log-part").hidden = !result.log;
}

function listen({data}) {
  if (data.progress !== undefined) status(data.text ? `${data.text} …` : `Loading Python: ${Math.round(100 * data.progress)} %`);
  if (data.ready) {
    worker.isLoading = false;
    status(`Ready: Python ${data.ready} runs in this page, and needs no network any more.`);
    document.documentElement.dataset.playground = "ready";
    run();
  }
  if (data.failed) return status(`The playground cannot start: ${data.result.problem}`, true);
  if (data.explained) showMeanings(data.explained);
  if (data.result && data.number > shown) {
    shown = data.number;
    show(data.result);
  }
  return undefined;
}

function showMeanings(found) {
  $("meanings").replaceChildren(...(found.length ? found.flatMap(({cause, fix}) => [element("strong", cause), element("pre", fix)])
    : [element("p", "This is no message about CORS. Copy the whole line from the browser's console.")]));
}

function start() {
  for (const name of Object.keys(examples)) $("example").append(element("option", name));
  const given = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  fill({...Object.values(examples)[0], ...given});
  $("example").addEventListener("change", () => {
    fill(examples[$("example").value]);
    changed();
  });
  for (const name of FIELDS) $(name).addEventListener("input", changed);
  $("share").addEventListener("click", async () => {
    remember();
    await navigator.clipboard.writeText(location.href);
    $("share").textContent = "Copied";
    setTimeout(() => { $("share").textContent = "Copy a link to this"; }, 1500);
  });
  $("explain").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!worker.isLoading) worker.postMessage({explain: $("message").value});
  });
  worker = new Worker(new URL("playground-worker.js", import.meta.url), {type: "module"});
  worker.isLoading = true;
  worker.onmessage = listen;
  worker.onerror = (error) => status(`The playground cannot start: ${error.message}`, true);
  worker.postMessage({start: true, sizes: JSON.parse($("play").dataset.sizes)});
}

start();
