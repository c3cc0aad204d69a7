// The page of the lab: sends the real requests, and shows what came of them beside what the model predicts.

import {startIntroduction} from "./introduction.js";

const $ = (id) => document.getElementById(id);
const origins = document.body.dataset;
const profile = /Firefox\//.test(navigator.userAgent) ? "firefox" : /Chrome\//.test(navigator.userAgent) ? "chrome" : "safari";
const engines = {chrome: "Chrome", firefox: "Firefox", safari: "Safari"};
// Which lines of an exchange decide, by the kind of failure.
const decisive = [
  [/acao|response-acac$|preflight-acac$/, /^access-control-allow-(origin|credentials):/i],
  [/method|acam/, /^(access-control-allow-methods|access-control-request-method):/i],
  [/header|acah/, /^(access-control-allow-headers|access-control-request-headers):/i],
  [/status|redirect/, /^(location:|[0-9]{3} )/i],
];
let scenarios = {};
let current = null;
let token = "";
let sending = 0; // the number of the last request: an older one shows nothing
let sent = new Set(); // scenarios that were tried: before that, the fix would spoil the exercise

// Each tab has a state of its own on the servers. A second tab that was duplicated from this one gets another name.
const tab = `t${Math.random().toString(36).slice(2, 12)}`;

const post = async (path, value = {}) => {
  const response = await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({...value, tab})});
  if (!response.ok) throw new Error(response.status === 413 ? "That is too long: the lab takes 20,000 characters." : `The lab answers ${response.status}.`);
  return response.json();
};

// --- sending: one function for each kind of request ----------------------------------------------------------

const withRun = (request, run) => request.url.replace("run=", `run=${run}`);

const optionsOf = (request) => ({
  method: request.method,
  credentials: request.credentials,
  mode: request.mode,
  ...(Object.keys(request.headers).length ? {headers: request.headers} : {}),
  ...(request.body === null || request.body === undefined ? {} : {body: request.body}),
});

async function sendFetch(request, run) {
  let result;
  for (let time = 0; time < (request.times || 1); time++) {
    try {
      const response = await fetch(withRun(request, run), optionsOf(request));
      const body = await response.text();
      result = {outcome: response.type === "opaque" ? "opaque" : "readable", status: response.status, headers: [...response.headers], body};
    } catch (error) {
      result = {outcome: "blocked", error: String(error)};
    }
  }
  return result;
}

const sendEvents = (request, run) => new Promise((resolve) => {
  const source = new EventSource(withRun(request, run));
  const end = (result) => { source.close(); resolve(result); };
  source.onmessage = (event) => end({outcome: "readable", status: 200, headers: [], body: event.data});
  source.onerror = () => end({outcome: "blocked", error: "error event"});
});

async function sendFont(request, run) {
  try {
    await new FontFace(`dot-${run}`, `url(${withRun(request, run)})`).load();
    return {outcome: "readable", status: 200, headers: [], body: "(the font is loaded)"};
  } catch (error) {
    return {outcome: "blocked", error: String(error)};
  }
}

// A form that the page sends by itself, into a frame that nobody sees. The page never learns what comes back.
const sendForm = (request, run) => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.name = `form-${run}`;
  frame.title = "shows the answer to the form";
  const form = document.createElement("form");
  Object.assign(form, {method: request.method, action: withRun(request, run), target: frame.name, hidden: true});
  for (const [name, value] of new URLSearchParams(request.body)) {
    const field = document.createElement("input");
    Object.assign(field, {name, value});
    form.append(field);
  }
  document.body.append(frame, form);
  // The empty page of a new frame loads, too.
  frame.onload = () => {
    let isEmpty = false;
    try { isEmpty = frame.contentDocument !== null; } catch { /* a page of another origin */ }
    if (isEmpty) return;
    frame.remove();
    form.remove();
    resolve({outcome: "opaque", status: 0, headers: [], body: ""});
  };
  form.submit();
});

const inFrame = (src, sandbox, request, run) => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  if (sandbox !== null) frame.setAttribute("sandbox", sandbox);
  frame.hidden = true;
  frame.title = "sends a request";
  const listen = ({data, source}) => {
    if (source !== frame.contentWindow || data.lab !== run) return;
    removeEventListener("message", listen);
    frame.remove();
    resolve(data.result);
  };
  addEventListener("message", listen);
  frame.onload = () => frame.contentWindow.postMessage({id: run, url: withRun(request, run), options: optionsOf(request)}, "*");
  frame.src = src;
  document.body.append(frame);
});

const kinds = {
  fetch: sendFetch,
  form: sendForm,
  events: sendEvents,
  font: sendFont,
  sandbox: (request, run) => inFrame("/run/frame", "allow-scripts", request, run),
  "two-pages": async (request, run) => {
    await sendFetch(request, run);
    return inFrame(`${origins.third}/frame`, null, request, run);
  },
};

// Which of the lab's servers does not answer, in words; empty if all do.
async function dead() {
  const asked = {"The page's server": `${origins.page}/scenarios?tab=${tab}`, "The API": `${origins.api}/frame`, "The third origin": `${origins.third}/frame`};
  const answers = await Promise.all(Object.values(asked).map((url) => fetch(url, {mode: "no-cors", cache: "no-store"}).then(() => true, () => false)));
  return Object.keys(asked).filter((_, index) => !answers[index]).map((name, _, names) => `${name} (${new URL(asked[name]).origin})`).join(", ");
}

async function send(request, predicting, id) {
  const number = ++sending;
  const run = `${tab}-${Math.random().toString(36).slice(2, 10)}`;
  $("results").hidden = false;
  $("verdict").className = "";
  $("verdict").textContent = "Sending …";
  bringUp();
  const started = performance.now();
  const result = await kinds[request.kind || "fetch"](request, run);
  result.time = Math.round(performance.now() - started);
  const down = result.outcome === "blocked" ? await dead() : "";
  if (number !== sending) return result;
  if (down) return showDead(down);
  const [prediction, seen] = await Promise.all([predicting, fetch(`/exchanges/${run}`).then((response) => response.json())]);
  if (number === sending) {
    show(result, prediction, seen, id);
    bringUp();
  }
  return result;
}

// The verdict, and on a phone what is below it, in view.
const bringUp = () => $("verdict").scrollIntoView({block: matchMedia("(max-width: 50rem)").matches ? "start" : "nearest"});

function showDead(down) {
  $("results").hidden = false;
  $("verdict").className = "dead";
  $("verdict").textContent = `${down} does not answer at all: this is no CORS error. Start the lab again.`;
  for (const name of ["did", "predicted", "agreement"]) $(name).textContent = "";
  for (const name of ["advice", "exchanges"]) $(name).replaceChildren();
  return {outcome: "dead"};
}

// Run what a button does. If it fails because a server is gone, say so instead of nothing.
const trying = (action) => async (...values) => {
  try {
    return await action(...values);
  } catch (error) {
    const down = await dead();
    if (down) return showDead(down);
    $("results").hidden = false;
    $("verdict").className = "blocked";
    $("verdict").textContent = error.message;
    return {outcome: "failed"};
  }
};

// --- showing -------------------------------------------------------------------------------------------------

const element = (tag, text, className) => {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

const verdicts = {
  readable: "Readable: JavaScript got the response.",
  blocked: "Blocked: the browser did not let JavaScript read the response.",
  opaque: "Opaque: JavaScript knows that there was a response, but cannot read it.",
};

const counted = (number, word) => `${number || "no"} ${word}${number === 1 ? "" : "s"}`;

function show(result, prediction, seen, id) {
  $("results").hidden = false;
  $("verdict").textContent = verdicts[result.outcome];
  $("verdict").className = result.outcome;
  const preflights = seen.exchanges.filter((each) => each.line.startsWith("OPTIONS ")).length;
  const executed = seen.counts[id];
  $("did").textContent = [
    result.error ? `JavaScript gets ${result.error}` : `status ${result.status}`,
    ...(result.headers || []).map(([name, value]) => `${name}: ${value}`),
    ...(result.body ? ["", result.body.trim()] : []),
    "",
    `${counted(seen.exchanges.length - preflights, "request")}, ${counted(preflights, "preflight")}, ${result.time} ms`,
    ...(executed ? [`executed by the server so far: ${executed}`] : []),
  ].join("\n");
  $("engine").textContent = engines[profile];
  $("predicted").textContent = [
    prediction.outcome,
    ...(prediction.scriptSees ? [`JavaScript gets ${prediction.scriptSees}`] : []),
    ...(prediction.preflight.length ? [`a preflight was needed: ${prediction.preflight.join("; ")}`] : []),
    ...(prediction.console ? ["", "on the console:", prediction.console] : []),
  ].join("\n");
  const agrees = prediction.outcome === result.outcome && (result.outcome !== "readable" || !prediction.status || !result.status || prediction.status === result.status);
  $("agreement").textContent = result.outcome === "dead" ? "" : agrees ? "They agree." : "They do not agree. An extension, a setting or a cache may be the cause. If not, please report it.";
  $("agreement").dataset.agrees = agrees;
  const list = element("ul");
  for (const finding of prediction.findings) {
    const item = element("li");
    item.append(element("strong", finding.title), ". ", finding.remedy, ".");
    list.append(item);
  }
  $("advice").replaceChildren(...(prediction.findings.length ? [element("h3", "Why, and what to write"), list] : []));
  showExchanges(seen.exchanges, prediction.kind);
}

function showExchanges(exchanges, kind) {
  const marks = decisive.filter(([kinds]) => kinds.test(kind)).map(([, lines]) => lines);
  const blocks = exchanges.map((exchange, index) => {
    const block = element("pre", undefined, "exchange");
    block.tabIndex = 0;
    block.setAttribute("role", "group");
    block.setAttribute("aria-label", `Exchange ${index + 1}`);
    const isLast = index === exchanges.length - 1;
    const answer = [exchange.status, ...exchange.received.map(([name, value]) => `${name}: ${value}`)];
    const lines = [`${exchange.line}  (${exchange.host})`, ...exchange.sent.map(([name, value]) => `${name}: ${value}`), "", ...answer];
    for (const line of lines) {
      const marked = isLast && marks.some((mark) => mark.test(line));
      block.append(element(marked ? "mark" : "span", line), "\n");
    }
    return block;
  });
  $("exchanges").replaceChildren(...(blocks.length ? blocks : [element("p", "Nothing arrived.")]));
}

function describe(scenario) {
  current = scenario;
  scenarios[scenario.id] = scenario;
  $("title").textContent = scenario.title;
  $("why").textContent = scenario.why;
  $("request").textContent = scenario.request.code;
  $("server").textContent = scenario.server;
  offerFix();
  $("diff").replaceChildren(...scenario.diff.flatMap((line) => [
    element("span", line, line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : ""), "\n",
  ]));
}

// The neighbours in the menu.
function showSteps() {
  const names = Object.keys(scenarios);
  const at = names.indexOf(current.id);
  for (const [id, name] of [["previous", names[at - 1]], ["next", names[at + 1]]]) {
    $(id).hidden = !name;
    if (name) Object.assign($(id), {href: `#${name}`, textContent: `${id === "next" ? "Next" : "Previous"}: ${scenarios[name].title}`});
  }
  $("steps").hidden = false;
}

function showElsewhere() {
  const text = current && current.elsewhere[$("target").value];
  $("words").hidden = !current || !Object.keys(current.elsewhere).length;
  $("elsewhere").hidden = !text;
  $("elsewhere").textContent = text || "";
}

const fixText = () => $("elsewhere").textContent || current.diff.filter((line) => !line.startsWith("-")).map((line) => line.slice(2)).join("\n");

function offerFix() {
  showElsewhere();
  const isTried = sent.has(current.id) || current.fixed;
  $("fix").hidden = current.fixed || !current.canFix || !isTried;
  $("unfix").hidden = !current.fixed;
  $("change").hidden = !current.canFix || !isTried;
}

const sendCurrent = async () => {
  const scenario = current;
  const result = await sendScenario();
  sent.add(scenario.id);
  if (current === scenario) offerFix();
  return result;
};

const sendScenario = () => send(current.request, post(`/predict/${current.id}`, {profile}), current.id);

async function change(fixed) {
  describe(await post(`/fix/${current.id}`, {fixed}));
  (fixed ? $("unfix") : $("fix")).focus();
  if (fixed) await sendCurrent();
  else $("results").hidden = true;
}

function go() {
  const [name] = location.hash.slice(1).split("?");
  const isOwn = name === "own";
  const scenario = scenarios[name];
  const isIntroduction = !isOwn && !scenario;
  sending++; // what is still under way belongs to the scenario that was left
  $("change").hidden = true;
  $("steps").hidden = true;
  $("own").hidden = !isOwn;
  $("scenario").hidden = isOwn || isIntroduction;
  $("introduction").hidden = !isIntroduction;
  $("results").hidden = true;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${isOwn ? "own" : isIntroduction ? "introduction" : scenario.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (isOwn) {
    current = null;
    fillOwn();
    trying(showOwnPrediction)();
  } else if (isIntroduction) {
    current = null;
  } else {
    describe(scenario);
    showSteps();
  }
  document.title = `${isOwn ? "Your own" : isIntroduction ? "What is CORS?" : scenario.title} · The CORS lab`;
}

// --- your own ------------------------------------------------------------------------------------------------

const fields = ["server", "method", "credentials", "mode", "headers", "body"];
const ownValues = () => Object.fromEntries(fields.map((name) => [name, $(`own-${name}`).value]));

function fillOwn() {
  const given = new URLSearchParams(location.hash.split("?")[1] || "");
  for (const name of fields) if (given.has(name)) $(`own-${name}`).value = given.get(name);
}

async function predictOwn() {
  const values = ownValues();
  history.replaceState(null, "", `#own?${new URLSearchParams(values)}`);
  const answer = await post("/own", {...values, token, profile});
  $("own-problem").textContent = answer.problem || "";
  if (answer.problem) {
    $("results").hidden = true;
    return null;
  }
  token = answer.token;
  return answer;
}

async function showOwnPrediction() {
  const answer = await predictOwn();
  if (!answer) return;
  $("results").hidden = false;
  $("verdict").className = answer.prediction.outcome;
  $("verdict").textContent = `Prediction: ${answer.prediction.outcome}`;
  $("did").textContent = "Nothing yet: press Send.";
  $("engine").textContent = engines[profile];
  $("predicted").textContent = [answer.prediction.outcome, answer.prediction.console].filter(Boolean).join("\n");
  $("agreement").textContent = "";
  $("advice").replaceChildren(...answer.prediction.findings.map((finding) => element("p", `${finding.title}. ${finding.remedy}.`)));
  $("exchanges").replaceChildren();
}

let typing;
$("own").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(trying(showOwnPrediction), 250); });
$("own").addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  trying(sendOwn)();
});

async function sendOwn() {
  const answer = await predictOwn();
  if (!answer) return;
  const values = ownValues();
  const headers = Object.fromEntries(values.headers.split("\n").filter((line) => line.includes(":")).map((line) => {
    const at = line.indexOf(":");
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  }));
  await send({...values, headers, body: values.body || null, url: answer.url}, Promise.resolve(answer.prediction), "own");
}

// --- a pasted message ----------------------------------------------------------------------------------------

async function explainPasted() {
  const found = await post("/explain", {text: $("paste-text").value});
  const parts = found.flatMap(({meanings, scenario}) => [
    ...meanings.flatMap(({cause, fix}) => [element("strong", cause), element("pre", fix)]),
    ...(scenarios[scenario] ? [linkTo(scenarios[scenario])] : []),
  ]);
  $("pasted").replaceChildren(...(parts.length ? parts : [element("p", "This is no message about CORS. Copy the whole line from the browser's console, with its URL.")]));
}

function linkTo(scenario) {
  const link = element("a", `See it happen: ${scenario.title}`);
  link.href = `#${scenario.id}`;
  return link;
}

// --- start ---------------------------------------------------------------------------------------------------

const load = async () => { scenarios = await (await fetch(`/scenarios?tab=${tab}`)).json(); };

$("send").addEventListener("click", trying(sendCurrent));
$("fix").addEventListener("click", trying(() => change(true)));
$("unfix").addEventListener("click", trying(() => change(false)));
$("reset").addEventListener("click", trying(async () => {
  await post("/reset");
  sent = new Set();
  await load();
  go();
}));
$("target").addEventListener("change", showElsewhere);
$("copy").addEventListener("click", trying(async () => {
  await navigator.clipboard.writeText(fixText());
  $("copy").textContent = "Copied";
  setTimeout(() => { $("copy").textContent = "Copy the fix"; }, 1500);
}));
$("paste").addEventListener("submit", (event) => {
  event.preventDefault();
  trying(explainPasted)();
});
addEventListener("hashchange", () => { if (location.hash !== "#main" && !location.hash.startsWith("#own?")) { go(); $("main").focus(); } });
if (matchMedia("(max-width: 50rem)").matches) $("menu").open = false;
await load();
go();
startIntroduction({$, origins, kinds, scenarios, tab, trying});
// For tests: what a scenario does, without the clicks.
window.lab = {send, scenarios: () => scenarios, post, profile};
document.documentElement.dataset.ready = "true";
