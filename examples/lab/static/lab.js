// The page of the lab: chooses what is shown, and runs a scenario.

import {$, copy, element, isPhone, showCode} from "./dom.js";
import {startIntroduction} from "./introduction.js";
import {fillOwn, showOwnPrediction, startOwn} from "./own.js";
import {startPaste} from "./paste.js";
import {draw, plannedRows} from "./picture.js";
import {forget, guesses, showProgress, tried} from "./progress.js";
import {leave, send, switchEngine} from "./results.js";
import {startServers} from "./servers.js";
import {post, profile, trying} from "./talk.js";

const fresh = JSON.parse($("scenarios").textContent);
let scenarios = {...fresh};
let current = null;
let sent = new Set(); // scenarios that were sent in this tab: before that, the fix would spoil the exercise
let form = "fetch"; // or axios, or curl
let elsewhere = ""; // the fix for another server, as text

// --- a scenario -----------------------------------------------------------------------------------------------

function describe(scenario) {
  scenarios[scenario.id] = current = scenario;
  $("title").textContent = scenario.title;
  $("why").textContent = scenario.why;
  showCode($("server"), scenario.server);
  showForm(form in scenario.codes ? form : "fetch");
  draw($("planned"), plannedRows(scenario.request), {page: scenario.request.kind === "sandbox" ? "null" : undefined, server: new URL(scenario.request.url).origin});
  showDiff(scenario);
  $("target").value = "";
  showElsewhere();
  offerFix();
}

function showForm(name) {
  for (const button of document.querySelectorAll("#forms button")) {
    button.hidden = !(button.dataset.form in current.codes);
    button.setAttribute("aria-pressed", button.dataset.form === name);
  }
  form = name;
  showCode($("request"), current.codes[name]);
}

function showDiff(scenario) {
  const kinds = {"+": "added", "-": "removed"};
  $("diff").replaceChildren(...scenario.diff.map((line) => element("span", `${line}\n`, kinds[line[0]])));
}

async function showElsewhere() {
  const target = $("target").value;
  for (const option of $("target").options) option.hidden = option.value !== "" && !current.targets.includes(option.value);
  $("words").hidden = !current.targets.length;
  $("elsewhere").hidden = !target;
  elsewhere = "";
  if (!target) return;
  const code = await (await fetch(`/elsewhere/${current.id}/${target}`)).json();
  elsewhere = code.text;
  showCode($("elsewhere"), code);
}

const fixText = () => elsewhere || current.diff.filter((line) => !line.startsWith("-")).map((line) => line.slice(2)).join("\n");

function offerFix() {
  const isTried = sent.has(current.id) || current.fixed;
  $("fix").hidden = current.fixed || !current.canFix || !isTried;
  $("unfix").hidden = !current.fixed;
  $("guess").hidden = isTried;
}

async function sendCurrent() {
  const scenario = current;
  const guess = $("guess").hidden ? "" : new FormData($("guess")).get("guess") || "";
  const result = await send(scenario.request, post(`/predict/${scenario.id}`), {id: scenario.id, code: scenario.codes.fetch.text, guess});
  sent.add(scenario.id);
  tried(scenario.id);
  if (current !== scenario) return result;
  $("guesses").textContent = guesses();
  offerFix();
  $("change").hidden = !scenario.canFix;
  return result;
}

async function change(fixed) {
  describe(await post(`/fix/${current.id}`, {fixed}));
  (fixed ? $("unfix") : $("fix")).focus();
  if (fixed) await sendCurrent();
  else leave();
}

// --- where we are ---------------------------------------------------------------------------------------------

const ids = Object.keys(fresh);

function showSteps() {
  const index = ids.indexOf(current.id);
  for (const [name, id] of [["previous", ids[index - 1]], ["next", ids[index + 1]]]) {
    $(name).hidden = !id;
    if (!id) continue;
    $(name).href = `#${id}`;
    $(name).textContent = name === "next" ? `Next: ${fresh[id].title}` : `Previous: ${fresh[id].title}`;
  }
}

function go() {
  const [name] = location.hash.slice(1).split("?");
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : null;
  const view = scenario ? "scenario" : name === "own" ? "own" : "introduction";
  leave();
  $("problem").hidden = true;
  for (const each of ["introduction", "scenario", "own"]) $(each).hidden = each !== view;
  $("steps").hidden = !scenario;
  current = scenario;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${scenario ? scenario.id : view}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (scenario) {
    $("guess").reset();
    describe(scenario);
    showSteps();
  } else if (view === "own") {
    fillOwn();
    showOwnPrediction();
  }
  document.title = `${scenario ? scenario.title : view === "own" ? "Your own" : "What is CORS?"} · The CORS lab`;
}

function search() {
  const wanted = $("search").value.toLowerCase().split(/\s+/);
  for (const item of document.querySelectorAll("nav li[data-text]")) item.hidden = !wanted.every((word) => item.dataset.text.toLowerCase().includes(word));
  for (const heading of document.querySelectorAll("nav h2")) heading.hidden = ![...heading.nextElementSibling.children].some((item) => !item.hidden);
  $("none-found").hidden = !!document.querySelector("nav li[data-text]:not([hidden])");
}

async function reset() {
  await post("/reset");
  sent = new Set();
  scenarios = {...fresh};
  forget();
  $("guesses").textContent = "";
  go();
}

// --- start ----------------------------------------------------------------------------------------------------

$("send").addEventListener("click", trying(sendCurrent));
$("fix").addEventListener("click", trying(() => change(true)));
$("unfix").addEventListener("click", trying(() => change(false)));
$("reset").addEventListener("click", trying(reset));
$("search").addEventListener("input", search);
$("target").addEventListener("change", trying(showElsewhere));
$("copy").addEventListener("click", trying(() => copy($("copy"), fixText())));
$("copy-request").addEventListener("click", trying(() => copy($("copy-request"), current.codes[form].text)));
for (const button of document.querySelectorAll("#forms button")) button.addEventListener("click", () => showForm(button.dataset.form));
for (const button of document.querySelectorAll("#engines button")) button.addEventListener("click", () => switchEngine(button.dataset.engine));
addEventListener("hashchange", () => {
  if (location.hash === "#main") return;
  go();
  if (isPhone()) $("menu").open = false;
  $("main").focus({preventScroll: true});
  // The menu is long: what was chosen in it has to be seen.
  if ($("main").getBoundingClientRect().top < 0 || isPhone()) $("main").scrollIntoView();
});
if (isPhone()) $("menu").open = false;
startIntroduction(fresh);
startOwn();
startPaste(fresh);
startServers();
showProgress();
$("guesses").textContent = guesses();
go();
// For tests: what a scenario does, without the clicks.
window.lab = {send, scenarios: () => scenarios, post, profile};
document.documentElement.dataset.ready = "true";
