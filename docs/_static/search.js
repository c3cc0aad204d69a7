// Sphinx shows an extract of each page that it finds, and stops with an error where an index entry leads to an empty element.
document.addEventListener("DOMContentLoaded", () => {
  if (typeof Search === "undefined") return;
  const summary = Search.makeSearchSummary;
  Search.makeSearchSummary = (...values) => summary(...values) || document.createElement("p");
});
