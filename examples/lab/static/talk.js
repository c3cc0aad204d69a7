// Requests to the lab's own server, and what is said when one of the servers is gone.

import {$, origins} from "./dom.js";

// Each tab has a state of its own on the servers. A second tab that was duplicated from this one gets another name.
export const tab = `t${Math.random().toString(36).slice(2, 12)}`;
export const newRun = () => `${tab}-${Math.random().toString(36).slice(2, 10)}`;
export const profile = /Firefox\//.test(navigator.userAgent) ? "firefox" : /Chrome\//.test(navigator.userAgent) ? "chrome" : "safari";

export async function post(path, value = {}) {
  const body = JSON.stringify({...value, tab, profile});
  const response = await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body});
  if (!response.ok) throw new Error(response.status === 413 ? "That is too long: the lab takes 20,000 characters." : `The lab answers ${response.status}.`);
  return response.json();
}

// Which servers do not answer, as a sentence; empty if all do. *asked*: the origin of the request that failed.
export async function dead(asked = "") {
  const urls = {"the page's server": `${origins.page}/servers`, "the API": `${origins.api}/frame`, "the third origin": `${origins.third}/frame`};
  if (asked === origins.stopped) urls["the server"] = `${asked}/`;
  const names = Object.keys(urls);
  const answers = await Promise.all(names.map((name) => fetch(urls[name], {mode: "no-cors", cache: "no-store"}).then(() => true, () => false)));
  const silent = names.filter((_, index) => !answers[index]).map((name) => `${name} (${new URL(urls[name]).origin})`);
  if (!silent.length) return "";
  const text = silent.join(" and ");
  if (silent.length === 1 && !answers[0]) return `${text[0].toUpperCase()}${text.slice(1)} does not answer. This is not a CORS error. If you stopped it here, it starts again in a few seconds; otherwise start it.`;
  return `${text[0].toUpperCase()}${text.slice(1)} ${silent.length > 1 ? "do" : "does"} not answer. This is not a CORS error: start the server${silent.length > 1 ? "s" : ""}.`;
}

export const SENDING = "Sending …";

// Run what a button does. If it fails because a server is gone, say so.
export const trying = (action) => async (...values) => {
  $("problem").hidden = true;
  try {
    return await action(...values);
  } catch (error) {
    const down = await dead();
    $("problem").hidden = false;
    $("problem").textContent = down || error.message;
    if ($("verdict").textContent === SENDING) $("results").hidden = true;
    $("problem").scrollIntoView({block: "nearest"});
    return {outcome: "failed"};
  }
};
