// Sends a request, and shows the verdict, the deciding line, the predictions for three engines, and the timeline.

import {$, counted, element, failedCheck, isPhone, origins, scrolled} from "./dom.js";
import {draw, rowsOf} from "./picture.js";
import {guessed} from "./progress.js";
import {sendFromPage} from "./sending.js";
import {dead, newRun, post, profile, SENDING} from "./talk.js";
import {showTimeline} from "./timeline.js";

const engines = {chrome: "Chrome", firefox: "Firefox", safari: "Safari"};
const verdicts = {
  readable: "Readable: JavaScript got the response.",
  blocked: "Blocked: the browser did not let JavaScript read the response.",
  opaque: "Opaque: JavaScript knows that there was a response, but cannot read it.",
  unsent: "Not sent: the browser refuses to make this request, so no server saw it.",
};
let sending = 0; // the number of the last request: an older one shows nothing
let predictions = null;
let engine = profile;

// What is still under way belongs to the view that was left.
export function leave() {
  sending++;
  $("results").hidden = true;
}

// The verdict, and on a phone what is below it, in view.
const bringUp = () => $("verdict").scrollIntoView({block: isPhone() ? "start" : "center"});

function say(text, className = "") {
  $("results").hidden = false;
  $("verdict").className = className;
  $("verdict").textContent = text;
}

// Send *request*; *predicting*: a promise of the model's predictions. *id*: of the counter. *code*: what is shown as sent.
export async function send(request, predicting, {id, code = "", guess = ""}) {
  const number = ++sending;
  const run = newRun();
  for (const name of ["details", "change"]) $(name).hidden = true;
  say(SENDING);
  predicting.catch(() => {}); // it is awaited below; until then it must not count as unhandled
  const result = await sendFromPage(request, run);
  const seen = await post(`/seen/${run}`, {request});
  const origin = new URL(request.url).origin;
  if (!seen.exchanges.length || (result.outcome === "blocked" && !failedCheck(seen.exchanges))) {
    result.down = await dead(origin);
    if (result.down) result.outcome = "dead";
    else if (!seen.exchanges.length && result.outcome === "blocked") result.outcome = "unsent";
  }
  const found = await predicting;
  if (number !== sending) return result;
  show(request, result, found, seen, {id, code, guess});
  bringUp();
  return result;
}

function show(request, result, found, seen, {id, code, guess}) {
  predictions = found;
  const prediction = found[profile];
  const text = result.outcome === "dead" ? result.down : verdictOf(request, result, seen.exchanges);
  say([text, judge(guess, result.outcome)].filter(Boolean).join(" "), result.outcome);
  $("details").hidden = false;
  showDeciding(seen.exchanges, prediction, result);
  $("did").textContent = summary(result, seen, id);
  showAgreement(prediction, result);
  switchEngine(engine);
  showAdvice(result.outcome === "dead" && prediction.outcome !== "dead" ? [] : prediction.findings, prediction.section);
  $("story").hidden = false;
  draw($("picture"), rowsOf(request, result, seen.exchanges), {server: new URL(request.url).origin, page: request.kind === "sandbox" ? "null" : origins.page});
  showTimeline($("timeline"), {code, result, exchanges: seen.exchanges, prediction});
}

function verdictOf(request, result, exchanges) {
  const last = exchanges.at(-1);
  if (request.kind === "form") return "Sent: the server received the form. JavaScript learns nothing of the answer.";
  if (result.outcome === "blocked" && last && last.preflight) return "Blocked: the preflight failed, so the browser did not send the request itself.";
  return verdicts[result.outcome];
}

function judge(guess, outcome) {
  if (!guess) return "";
  const isRight = guess === (["readable", "blocked"].includes(outcome) ? outcome : "other");
  guessed(isRight);
  return isRight ? "You guessed right." : "Your guess was wrong.";
}

// The line that decided, in the place where it decided.
function showDeciding(exchanges, prediction, result) {
  const all = exchanges.flatMap((exchange) => exchange.checks.map((check) => ({...check, preflight: exchange.preflight})));
  const isCached = result.outcome === "blocked" && !failedCheck(exchanges);
  const decisive = isCached || result.outcome === "dead" ? null : all.find((check) => check.ok === false) || all.findLast((check) => check.header);
  const where = decisive && (decisive.preflight ? "In the preflight's response" : "In the response");
  const cached = prediction.findings.length ? `In the response of the cache: ${prediction.findings[0].title}` : prediction.rule;
  $("deciding").textContent = decisive ? `${where}: ${decisive.text}` : isCached ? cached : result.outcome === "dead" ? "" : prediction.rule;
  $("deciding").hidden = !$("deciding").textContent;
  $("deciding").className = (decisive && decisive.ok === false) || isCached ? "bad" : "good";
}

function summary(result, seen, id) {
  const sent = seen.exchanges.filter((each) => each.by === "browser");
  const preflights = sent.filter((each) => each.preflight).length;
  const executed = seen.counts[id];
  return [
    result.error ? `JavaScript gets ${result.error}` : `status ${result.status}`,
    ...(result.headers || []).map(([name, value]) => `${name}: ${value}`),
    ...(result.body ? [result.body.trim()] : []),
    `${counted(sent.length - preflights, "request")}, ${counted(preflights, "preflight")}, ${Math.round(result.ended - result.started)} ms`,
    ...(executed ? [`executed by the server so far: ${executed}`] : []),
  ].join("\n");
}

function showAgreement(prediction, result) {
  const agrees = prediction.outcome === result.outcome && (result.outcome !== "readable" || !prediction.status || !result.status || prediction.status === result.status);
  const isStopped = result.outcome === "dead" && prediction.outcome !== "dead";
  $("agreement").textContent = isStopped ? "The prediction is for a server that runs." : agrees ? "They agree." : "They do not agree. An extension, a setting or a cache may be the cause. If not, please report it.";
  $("agreement").dataset.agrees = agrees;
}

const words = {dead: "no answer", unsent: "not sent"};

export function switchEngine(name) {
  engine = name;
  for (const button of document.querySelectorAll("#engines button")) button.setAttribute("aria-pressed", button.dataset.engine === name);
  if (!predictions) return;
  const prediction = predictions[name];
  $("predicted").textContent = [
    `${engines[name]}: ${words[prediction.outcome] || prediction.outcome}`,
    ...(prediction.console ? ["On the console:", prediction.console] : []),
    ...(prediction.scriptSees ? [`JavaScript gets ${prediction.scriptSees}`] : []),
    ...(prediction.preflight.length ? [`A preflight was needed: ${prediction.preflight.join("; ")}`] : []),
  ].join("\n");
}

function showAdvice(findings, section) {
  const list = element("ul");
  for (const finding of findings) {
    const item = element("li");
    const [remedy, ...code] = finding.remedy.split("\n");
    item.append(element("strong", `${finding.title}.`), " ", `${remedy}${/[.:]$/.test(remedy) ? "" : "."}`);
    if (code.length) item.append(scrolled(code.join("\n"), "What to write"));
    list.append(item);
  }
  if (section) {
    const item = element("li");
    const link = element("a", "What each browser writes, and every cause");
    link.href = `/errors#${section}`;
    item.append(link);
    list.append(item);
  }
  $("advice").replaceChildren(...(list.children.length ? [element("h3", "Why, and what to write"), list] : []));
}

// What the model predicts for a request that was not sent.
export function showPrediction(found) {
  sending++;
  predictions = found;
  const prediction = found[profile];
  say(`Prediction: ${words[prediction.outcome] || prediction.outcome}`, prediction.outcome);
  $("details").hidden = false;
  $("deciding").textContent = prediction.rule;
  $("deciding").hidden = !prediction.rule;
  $("deciding").className = "bad";
  $("did").textContent = "Nothing yet: press Send.";
  $("agreement").textContent = "";
  switchEngine(engine);
  showAdvice(prediction.findings, prediction.section);
  for (const name of ["story", "change"]) $(name).hidden = true;
}
