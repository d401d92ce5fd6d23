// Counts words while one writes. The limits stand in the help text, so the page works without this.

function words(text) {
  const trimmed = text.trim();
  return trimmed ? trimmed.split(/\s+/u).length : 0;
}

function show(field, output) {
  const count = words(field.value);
  const most = Number(field.dataset.most) || 0;
  output.textContent = most ? `${count} / ${most}` : String(count);
  output.classList.toggle("over", most > 0 && count > most);
}

for (const field of document.querySelectorAll("textarea[data-count]")) {
  const output = document.createElement("output");
  output.className = "counter numbers small second";
  output.htmlFor = field.id;
  field.after(output);
  field.addEventListener("input", () => show(field, output));
  show(field, output);
}
