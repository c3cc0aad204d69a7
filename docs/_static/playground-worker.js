// Runs Python in a worker, so that the page never stops: Flask and flask-crossorigin under Pyodide.

const FILES = ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json", "packages.zip"];
let runner;

// Fetch a file and count its bytes. The browser keeps it, so that Pyodide does not load it a second time.
async function fetched(name, count) {
  const response = await fetch(new URL(`pyodide/${name}`, import.meta.url));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  const parts = [];
  for (const reader = response.body.getReader();;) {
    const {done, value} = await reader.read();
    if (done) break;
    parts.push(value);
    count(value.length);
  }
  return new Blob(parts).arrayBuffer();
}

async function start(sizes) {
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  let loaded = 0;
  const count = (bytes) => { loaded += bytes; postMessage({progress: loaded / total}); };
  const buffers = await Promise.all(FILES.map((name) => fetched(name, count)));
  const {loadPyodide} = await import(new URL("pyodide/pyodide.mjs", import.meta.url));
  postMessage({progress: 1, text: "Starting Python"});
  const pyodide = await loadPyodide({indexURL: new URL("pyodide/", import.meta.url).href});
  const site = pyodide.runPython("import site; site.getsitepackages()[0]");
  pyodide.unpackArchive(buffers[FILES.indexOf("packages.zip")], "zip", {extractDir: site});
  postMessage({progress: 1, text: "Starting Flask"});
  runner = pyodide.pyimport("runner");
  runner.play("from flask import Flask\nfrom flask_crossorigin import CORS\napp = Flask(__name__)\nCORS(app)", "https://a.example", '{"url": "/"}');
  postMessage({ready: pyodide.runPython("import sys; sys.version.split()[0]")});
}

// The call of fetch() in the reader's code: its arguments, as data.
function called(code) {
  let call = null;
  const fetch = (url, options = {}) => {
    const headers = options.headers instanceof Headers ? [...options.headers] : options.headers;
    const body = options.body instanceof URLSearchParams ? String(options.body) : options.body;
    call = {url: String(url), options: {...options, headers, body, signal: undefined}};
    const never = new Promise(() => {});
    return never;
  };
  // Await would wait for a response that never comes: the function is left at its first fetch.
  new (Object.getPrototypeOf(async () => {}).constructor)("fetch", code)(fetch).catch((error) => { throw error; });
  if (!call) throw new Error('there is no call of fetch(): write fetch("https://api.example/items")');
  return JSON.stringify(call);
}

onmessage = async ({data}) => {
  try {
    if (data.start) await start(data.sizes);
    else if (data.explain !== undefined) postMessage({explained: JSON.parse(runner.explain(data.explain))});
    else postMessage({number: data.number, result: JSON.parse(runner.play(data.application, data.origin, called(data.request)))});
  } catch (error) {
    postMessage({number: data.number, result: {problem: String(error.message || error)}, failed: Boolean(data.start)});
  }
};
