// What stays in this browser: which scenarios were tried, and how many guesses were right.

import {$} from "./dom.js";

const KEY = "lab";
let kept = {tried: [], guesses: 0, right: 0};
try { kept = {...kept, ...JSON.parse(localStorage.getItem(KEY))}; } catch { /* nothing that can be read */ }

function keep() {
  try { localStorage.setItem(KEY, JSON.stringify(kept)); } catch { /* storage is switched off: it lasts as long as the page */ }
  showProgress();
}

export function tried(id) {
  if (!kept.tried.includes(id)) kept.tried.push(id);
  keep();
}

export const wasTried = (id) => kept.tried.includes(id);

export function guessed(isRight) {
  kept.guesses++;
  if (isRight) kept.right++;
  keep();
}

export const guesses = () => kept.guesses ? `${kept.right} of ${kept.guesses} right` : "";

export function forget() {
  kept = {tried: [], guesses: 0, right: 0};
  keep();
}

export function showProgress() {
  const links = [...document.querySelectorAll("nav a[data-scenario]")];
  for (const link of links) link.classList.toggle("tried", wasTried(link.dataset.scenario));
  const count = links.filter((link) => wasTried(link.dataset.scenario)).length;
  $("progress").max = links.length;
  $("progress").value = count;
  $("progress-text").textContent = [`${count} of ${links.length} tried`, guesses() && `guesses: ${guesses()}`].filter(Boolean).join(" · ");
}
