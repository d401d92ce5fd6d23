// Counts while one writes. The limits stand in the help text, so the page works without this.

const PAUSE = 1200; // a count at every key would talk over whoever listens to the page

function words(text) {
  const trimmed = text.trim();
  return trimmed ? trimmed.split(/\s+/u).length : 0;
}

function characters(text) {
  return Array.from(text.replaceAll("\r\n", "\n").trim()).length;
}

const COUNTS = { words, characters };

function spoken(field, count, most) {
  const words = most && count > most ? field.dataset.over : most ? field.dataset.left : "";
  return (words || "").replace("[n]", String(most ? Math.abs(most - count) : count));
}

function watch(field) {
  const counter = document.createElement("p");
  counter.className = "counter numbers small second";
  counter.setAttribute("aria-hidden", "true");
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  field.after(counter, status);
  const most = Number(field.dataset.most) || 0;
  let waiting = 0;
  const show = () => {
    const count = COUNTS[field.dataset.count](field.value);
    counter.textContent = most ? `${count} / ${most}` : String(count);
    counter.classList.toggle("over", most > 0 && count > most);
    return count;
  };
  field.addEventListener("input", () => {
    const count = show();
    clearTimeout(waiting);
    waiting = setTimeout(() => { status.textContent = spoken(field, count, most); }, PAUSE);
  });
  show();
}

for (const field of document.querySelectorAll("[data-count]")) watch(field);
