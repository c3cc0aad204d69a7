// Stops and starts the lab's servers, so that a dead server can be seen.

import {$, origins} from "./dom.js";
import {post, trying} from "./talk.js";

const pause = 1000; // ms between two looks at a page's server that is away

function show(running) {
  for (const row of document.querySelectorAll("#servers li")) {
    const isRunning = running[row.dataset.server];
    row.classList.toggle("stopped", !isRunning);
    row.querySelector(".state").textContent = isRunning ? "runs" : "stopped";
    const button = row.querySelector("button");
    if (row.dataset.server !== "page") button.textContent = isRunning ? "Stop" : "Start";
    button.disabled = row.dataset.server === "page" && !isRunning;
  }
}

async function change(row) {
  const isStopped = row.classList.contains("stopped");
  const running = await post(`/servers/${row.dataset.server}`, {running: isStopped});
  if (row.dataset.server !== "page") return show(running);
  show({...running, page: false});
  setTimeout(wait, 2 * pause);
}

// The page's server starts again by itself.
async function wait() {
  try {
    show(await (await fetch(`${origins.page}/servers`, {cache: "no-store"})).json());
    $("problem").hidden = true;
  } catch {
    setTimeout(wait, pause);
  }
}

export function startServers() {
  for (const row of document.querySelectorAll("#servers li")) row.querySelector("button").addEventListener("click", trying(() => change(row)));
  wait();
}
