// Small helpers for the page's elements, shared by every module.

export const $ = (id) => document.getElementById(id);

export const origins = document.body.dataset;

export function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// An element that contains others.
export function group(tag, className, ...children) {
  const made = element(tag, undefined, className);
  made.append(...children);
  return made;
}

export const isPhone = () => matchMedia("(max-width: 50rem)").matches;

// The check that blocked, of all exchanges of a request; nothing if all passed.
export const failedCheck = (exchanges) => exchanges.flatMap((exchange) => exchange.checks).find((check) => check.ok === false);

export const counted = (number, word) => `${number || "no"} ${word}${number === 1 ? "" : "s"}`;

// Show code with its colours. The server escaped it.
export const showCode = (place, {html}) => { place.innerHTML = html; };

// Code that may be wider than the page: reached by keyboard, too.
export function scrolled(text, label) {
  const made = element("pre", text);
  made.tabIndex = 0;
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", label);
  return made;
}

// Copy a text, and say so on the button for a moment.
export async function copy(button, text) {
  const label = button.textContent;
  await navigator.clipboard.writeText(text);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1500);
}
