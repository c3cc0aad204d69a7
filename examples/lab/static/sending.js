// Sends the page's requests: one function for each kind of them.

import {origins} from "./dom.js";

const PATIENCE = 3000; // ms, for a frame whose server does not answer
const late = () => new Promise((resolve) => { setTimeout(() => resolve({outcome: "blocked", error: "no answer", isLate: true}), PATIENCE); });

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
  form: (request, run) => Promise.race([sendForm(request, run), late()]),
  events: sendEvents,
  font: sendFont,
  sandbox: (request, run) => Promise.race([inFrame("/run/frame", "allow-scripts", request, run), late()]),
  "two-pages": async (request, run) => {
    await sendFetch(request, run);
    return Promise.race([inFrame(`${origins.third}/frame`, null, request, run), late()]);
  },
};

const clock = () => performance.timeOrigin + performance.now();

// Send a request, and return what JavaScript learns, with the times at which it began and ended.
export async function sendFromPage(request, run) {
  const started = clock();
  const result = await kinds[request.kind || "fetch"](request, run);
  return {...result, started, ended: clock()};
}
