// Your own policy and request: a form that writes the server's lines, a prediction while you type, a real request.

import {$, copy, element, group} from "./dom.js";
import {send, showPrediction} from "./results.js";
import {post, trying} from "./talk.js";

const fields = ["server", "method", "path", "credentials", "mode", "body"];
const BODIES = {none: ["", ""], json: ["application/json", '{"name": "tea"}'], form: ["application/x-www-form-urlencoded", "name=tea"], text: ["text/plain", "tea"]};
const TYPING = 250; // ms
let token = "";

// --- the policy: the form writes the lines --------------------------------------------------------------------

const list = (text) => text.split(",").map((each) => each.trim()).filter(Boolean);
const quoted = (values) => `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;

function policyLines() {
  const choice = $("own-origins").value;
  if (choice === "none") return "# nothing about CORS";
  const others = list($("own-other-origins").value);
  const named = choice === "page" ? ["{page}", ...others] : others;
  const methods = [...document.querySelectorAll("#own-methods input:checked")].map((box) => box.value);
  const options = [
    `origins=${choice === "any" ? '"*"' : quoted(named)}`,
    methods.length && `methods=${quoted(methods)}`,
    $("own-allowed").value.trim() && `allow_headers=${quoted(list($("own-allowed").value))}`,
    $("own-exposed").value.trim() && `expose_headers=${quoted(list($("own-exposed").value))}`,
    $("own-with").checked && "supports_credentials=True",
    $("own-age").value && `max_age=${$("own-age").value}`,
  ].filter(Boolean);
  const more = $("own-more").value.trim();
  const line = options.length > 1 ? `CORS(\n    app,\n${options.map((each) => `    ${each},\n`).join("")})` : `CORS(app, ${options[0]})`;
  return more ? `${line}\n${more}` : line;
}

// --- the request ----------------------------------------------------------------------------------------------

function addHeader(name = "", value = "") {
  const input = (label, text, width) => {
    const made = element("input", undefined, width);
    Object.assign(made, {value: text, autocomplete: "off", spellcheck: false, placeholder: label});
    made.setAttribute("aria-label", label);
    return made;
  };
  const remove = element("button", "Remove", "quiet");
  remove.type = "button";
  const row = group("div", "row header", input("Header name", name, "name"), input("Header value", value, "value"), remove);
  remove.addEventListener("click", () => {
    row.remove();
    changed();
  });
  $("own-headers").append(row);
}

const headers = () => Object.fromEntries([...document.querySelectorAll("#own-headers .header")]
  .map((row) => [row.querySelector(".name").value.trim(), row.querySelector(".value").value.trim()]).filter(([name]) => name));

function chooseBody() {
  const [type, text] = BODIES[$("own-kind").value];
  $("own-body").value = text;
  const row = [...document.querySelectorAll("#own-headers .header")].find((each) => /^content-type$/i.test(each.querySelector(".name").value));
  if (row) row.remove();
  if (type) addHeader("Content-Type", type);
  if (text && $("own-method").value === "GET") $("own-method").value = "POST";
}

// The form writes the Python, and not the other way round: once the Python is edited, the form waits.
function showWhoWrites() {
  const isEdited = $("own-server").value !== policyLines();
  $("own-policy").disabled = isEdited;
  $("own-edited").hidden = !isEdited;
}

const values = () => ({...Object.fromEntries(fields.map((name) => [name, $(`own-${name}`).value])), headers: headers()});

export function fillOwn() {
  const given = new URLSearchParams(location.hash.split("?")[1] || "");
  for (const name of fields) if (given.has(name)) $(`own-${name}`).value = given.get(name);
  showWhoWrites();
  if (!given.has("headers")) return;
  $("own-headers").replaceChildren();
  let pairs = [];
  try { pairs = Object.entries(JSON.parse(given.get("headers"))); } catch { /* a link that was cut */ }
  for (const [name, value] of pairs) addHeader(name, String(value));
}

// --- prediction and request -----------------------------------------------------------------------------------

// Keep what is written in the address, so that it can be shared and survives a reload.
function remember() {
  const given = values();
  history.replaceState(null, "", `#own?${new URLSearchParams({...given, headers: JSON.stringify(given.headers)})}`);
  return given;
}

async function predict() {
  const answer = await post("/own", {...remember(), token});
  $("own-problem").textContent = answer.problem || "";
  if (answer.problem) {
    $("results").hidden = true;
    return null;
  }
  token = answer.token;
  return answer;
}

export const showOwnPrediction = trying(async () => {
  const answer = await predict();
  if (answer && !$("own").hidden) showPrediction(answer.predictions);
});

const sendOwn = trying(async () => {
  const answer = await predict();
  if (!answer) return;
  const given = values();
  const request = {...given, body: given.body || null, url: answer.url};
  await send(request, Promise.resolve(answer.predictions), {id: "own", code: `fetch("${answer.url.split("?")[0]}")`});
});

let typing;
function changed() {
  remember();
  clearTimeout(typing);
  typing = setTimeout(showOwnPrediction, TYPING);
}

export function startOwn() {
  $("own-policy").addEventListener("input", () => { $("own-server").value = policyLines(); });
  $("own-server").addEventListener("input", showWhoWrites);
  $("own-form-again").addEventListener("click", () => {
    $("own-server").value = policyLines();
    showWhoWrites();
    changed();
  });
  $("own-kind").addEventListener("change", chooseBody);
  $("own-add").addEventListener("click", () => {
    addHeader();
    $("own-headers").lastElementChild.querySelector("input").focus();
  });
  $("own-share").addEventListener("click", trying(() => copy($("own-share"), location.href)));
  $("own").addEventListener("input", changed);
  $("own").addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(typing);
    sendOwn();
  });
}
