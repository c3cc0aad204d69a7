// The timeline of a request: page, preflight, server, the browser's checks, JavaScript, with times and rules.

import {element, failedCheck, group, scrolled} from "./dom.js";

const ASKING = /^(origin|access-control-request-.*|cookie|authorization|content-type|x-.*)$/i;
const DECIDING = /^(access-control-.*|vary|location|set-cookie|cache-control|x-total-count)$/i;
const MARKS = {true: ["✓", "passes"], false: ["✗", "fails"], null: ["–", "not reached"]};

// One step, with its *time* in ms, by which the steps are put in order.
function step(kind, time, title, ...parts) {
  const item = group("li", kind, element("span", `${Math.max(0, Math.round(time))} ms`, "time"), group("div", "", title, ...parts));
  item.time = time;
  return item;
}

const headerLine = ([name, value], isMarked) => group("div", "", element(isMarked ? "mark" : "span", `${name}: ${value}`));

// The headers that matter here, and the others folded. *marked*: the name of the one that decides.
function headers(all, important, marked, label) {
  const isShown = ([name]) => important.test(name);
  const shown = all.filter(isShown).map((each) => headerLine(each, each[0].toLowerCase() === marked));
  if (marked && !all.some(([name]) => name.toLowerCase() === marked)) shown.push(group("div", "", element("mark", `${capital(marked)}: (missing)`)));
  const others = all.filter((each) => !isShown(each));
  const parts = shown.length ? [group("div", "headers", ...shown)] : [];
  if (others.length) {
    const folded = group("details", "", element("summary", `${others.length} other headers of the ${label}`), group("div", "headers", ...others.map((each) => headerLine(each))));
    parts.push(folded);
  }
  return parts;
}

const capital = (name) => name.replace(/(^|-)[a-z]/g, (letters) => letters.toUpperCase());

function checks(list) {
  const rows = list.map(({text, ok, rule, link}) => {
    const [mark, word] = MARKS[ok];
    const source = element("a", "rule", "rule");
    Object.assign(source, {href: link, target: "_blank", rel: "noreferrer", title: rule});
    source.setAttribute("aria-label", `The rule: ${rule}`);
    return group("li", `check ${ok}`, element("span", mark, "mark"), group("span", "", element("span", `${word}: `, "unseen"), text, " ", source));
  });
  return group("ul", "checks", ...rows);
}

function exchangeSteps(exchange, since) {
  const failed = failedCheck([exchange]);
  const decisive = failed || exchange.checks.find((check) => check.header);
  const isStatus = failed && !failed.header;
  const title = exchange.by === "server" ? "The server fetches the data from another server" : exchange.preflight ? "The browser sends a preflight" : "The browser sends the request";
  const answers = exchange.by === "server" ? "The other server answers" : "The server answers";
  const steps = [
    step("request", exchange.arrived - since, element("strong", title), element("code", `${exchange.line}  →  ${exchange.host}`), ...headers(exchange.sent, ASKING, "", "request")),
    step("response", exchange.answered - since, element("strong", answers), element(isStatus ? "mark" : "code", exchange.status), ...headers(exchange.received, DECIDING, decisive ? decisive.header : "", "response")),
  ];
  if (exchange.checks.length) {
    const title = failed ? "The browser checks the response, and blocks it" : "The browser checks the response";
    steps.push(step(failed ? "browser bad" : "browser good", exchange.answered - since, element("strong", title), checks(exchange.checks)));
  }
  return steps;
}

const ends = {
  readable: "JavaScript gets the response",
  opaque: "JavaScript gets an empty, opaque response",
  blocked: "JavaScript gets an error, without the reason",
  dead: "JavaScript gets an error, without the reason",
  unsent: "JavaScript gets an error, and nothing was sent",
};

export function showTimeline(place, {code, result, exchanges, prediction}) {
  const list = element("ol", undefined, "timeline");
  list.append(step("page", 0, element("strong", "The page sends"), scrolled(code, "What the page sends")));
  // A server that fetches something from another one answers after it.
  list.append(...exchanges.flatMap((exchange) => exchangeSteps(exchange, result.started)).sort((one, other) => one.time - other.time));
  if (result.outcome === "blocked" && !failedCheck(exchanges) && prediction.rule) {
    list.append(step("browser bad", result.ended - result.started, element("strong", "The browser blocks the response"),
      element("p", exchanges.length ? "It took the response from its cache, where it was stored for another page." : "No request reached the server."), checks([{text: prediction.rule, ok: false, rule: prediction.rule, link: prediction.link}])));
  }
  if (result.outcome === "unsent") list.append(step("browser bad", result.ended - result.started, element("strong", "The browser refuses to send it"), checks([{text: prediction.rule, ok: false, rule: prediction.rule, link: prediction.link}])));
  const isForm = code.startsWith("<form");
  const learned = isForm ? "(the answer to a form is a page, and belongs to its own origin)" : result.error || [`status ${result.status}`, ...(result.headers || []).map(([name, value]) => `${name}: ${value}`), "", (result.body || "").trim()].join("\n").trim();
  list.append(step(`script ${result.outcome === "readable" ? "good" : "bad"}`, result.ended - result.started, element("strong", isForm ? "JavaScript learns nothing of the answer" : ends[result.outcome]), scrolled(learned, "What JavaScript gets")));
  [...list.children].forEach((item, index) => item.style.setProperty("--index", 2 * index));
  place.replaceChildren(list);
}
