// The box that explains a pasted console message, and leads to the scenario that shows it.

import {$, element, scrolled} from "./dom.js";
import {post, trying} from "./talk.js";

function parts({meanings, scenario, section}, scenarios) {
  const shown = meanings.flatMap(({cause, fix}) => [element("strong", cause), scrolled(fix, "The fix")]);
  const link = (text, href) => {
    const made = element("a", text);
    made.href = href;
    return made;
  };
  const links = element("p", undefined, "buttons");
  if (scenarios[scenario]) links.append(link(`See it happen: ${scenarios[scenario].title}`, `#${scenario}`));
  links.append(link("Every cause of this message", `/errors#${section}`));
  return [...shown, links];
}

export function startPaste(scenarios) {
  const explain = trying(async () => {
    const found = await post("/explain", {text: $("paste-text").value, headers: $("paste-headers").value});
    const unknown = element("p", "This is not a message about CORS. Copy the whole line from the browser's console, with its URL. Only English messages are understood.");
    $("pasted").replaceChildren(...(found.length ? found.flatMap((each) => parts(each, scenarios)) : [unknown]));
  });
  $("paste").addEventListener("submit", (event) => {
    event.preventDefault();
    explain();
  });
}
