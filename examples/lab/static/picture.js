// Draws a request as a picture: JavaScript, the browser and the server, with an arrow for each thing that happened.

import {failedCheck, origins} from "./dom.js";

const LANES = {script: 62, browser: 240, server: 418};
const WIDTH = 480, TOP = 76, STEP = 34;

const svg = (tag, attributes = {}, text) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

const short = (origin) => origin.replace("http://", "");

function lane(name, title, origin, height) {
  const x = LANES[name];
  const parts = svg("g", {class: `lane ${name}`});
  parts.append(
    svg("rect", {x: x - 58, y: 4, width: 116, height: 46, rx: 8}),
    svg("text", {x, y: 23, class: "title"}, title),
    svg("text", {x, y: 41, class: "origin"}, short(origin)),
    svg("line", {x1: x, x2: x, y1: 50, y2: height - 6}),
  );
  return parts;
}

function arrow({from, to, text, state}, index) {
  const y = TOP + index * STEP;
  const [start, end] = [LANES[from], LANES[to]];
  const way = Math.sign(end - start);
  const parts = svg("g", {class: `arrow ${state || ""}`});
  parts.style.setProperty("--index", index);
  parts.append(
    svg("text", {x: (start + end) / 2, y: y - 6}, text),
    svg("line", {x1: start + 4 * way, x2: end - 10 * way, y1: y, y2: y}),
    svg("path", {d: `M ${end - 2 * way} ${y} l ${-9 * way} -5 l 0 10 z`}),
  );
  return parts;
}

// Something that one of the three does by itself: a mark on its lane, with a text beside it.
function note({at, text, state}, index) {
  const y = TOP + index * STEP, x = LANES[at];
  const parts = svg("g", {class: `note ${state}`});
  parts.style.setProperty("--index", index);
  parts.append(
    svg("circle", {cx: x, cy: y - 4, r: 10}),
    svg("text", {x, y: y + 1, class: "mark"}, {good: "✓", bad: "✗"}[state] || "?"),
    svg("text", {x: at === "server" ? x - 16 : x + 16, y, class: at === "server" ? "beside left" : "beside"}, text),
  );
  return parts;
}

// What the picture shows, in words.
const told = ({from, to, at, text, state}) => at ? `the ${at} ${{good: "allows", bad: "blocks"}[state] || "checks"}: ${text}` : `${from} to ${to}: ${text}`;

export function draw(place, rows, {page = origins.page, server = origins.api} = {}) {
  const height = TOP + rows.length * STEP;
  const picture = svg("svg", {viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": rows.map(told).join("; ")});
  picture.append(
    lane("script", "JavaScript", page, height), lane("browser", "Browser", "on this machine", height),
    lane("server", "Server", server, height),
    ...rows.map((row, index) => row.at ? note(row, index) : arrow(row, index)),
  );
  place.replaceChildren(picture);
}

const line = (exchange) => `${exchange.line.split(" ")[0]}${exchange.preflight ? " (preflight)" : ""}`;

// The rows of a request that was sent.
export function rowsOf(request, result, exchanges) {
  const rows = [{from: "script", to: "browser", text: asked(request)}];
  for (const exchange of exchanges) {
    if (exchange.by === "server") {
      rows.splice(-2, 0, {at: "server", state: "good", text: "fetches the data from another server"});
      continue;
    }
    rows.push({from: "browser", to: "server", text: line(exchange)}, {from: "server", to: "browser", text: exchange.status});
    const failed = failedCheck([exchange]);
    if (exchange.checks.length) rows.push({at: "browser", state: failed ? "bad" : "good", text: failed ? "check fails" : "checks pass"});
  }
  if (result.outcome === "dead") rows.push({from: "browser", to: "server", text: "no answer", state: "bad"});
  if (result.outcome === "unsent") rows.push({at: "browser", state: "bad", text: "refuses to send it"});
  if (result.outcome === "blocked" && !failedCheck(exchanges)) rows.push({at: "browser", state: "bad", text: "the cache has the answer for another page"});
  rows.push({from: "browser", to: "script", ...endOf(request, result)});
  return rows;
}

const calls = {form: "form", events: "EventSource", font: "FontFace"};
const asked = (request) => `${calls[request.kind] || "fetch"} ${request.method}`;

function endOf(request, result) {
  if (request.kind === "form") return {text: "nothing", state: "bad"};
  if (result.outcome === "readable") return {text: "response", state: "good"};
  if (result.outcome === "opaque") return {text: "nothing to read", state: "bad"};
  return {text: result.error ? result.error.split(":")[0] : "error", state: "bad"};
}

// The rows of a request that is not sent yet.
export const plannedRows = (request) => [
  {from: "script", to: "browser", text: asked(request), state: "planned"},
  {at: "browser", text: "what will it do?", state: "open"},
];
