// The score sheet: saved on change, marked by keys. Without this file the same form is sent by its buttons.

const form = document.querySelector("form[data-sheet]");
let timer = 0;
let running = false;
let again = false;

function chip(text, kind) {
  const saved = document.getElementById("saved");
  saved.className = "chip chip-" + kind;
  saved.textContent = text;
}

function show(answer) {
  form.elements.version.value = answer.version;
  form.querySelector("[data-total]").textContent = answer.total;
  form.querySelector("[data-marked]").textContent = answer.marked;
  chip(answer.saved, "ok");
}

// One save at a time, so that each carries the version that the one before it got.
async function save() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    const answer = isJson ? await response.json() : {};
    if (response.ok && isJson) show(answer);
    else chip(answer.stale || form.dataset.failed, "bad");
  } catch {
    chip(form.dataset.failed, "bad");
  } finally {
    running = false;
    if (again) {
      again = false;
      save();
    }
  }
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

// 1 to 9 and 0 for ten mark the criterion in focus; without one, the first that has no mark yet.
function criterionInReach() {
  const focused = document.activeElement && document.activeElement.closest(".criterion:has(.scale)");
  if (focused) return focused;
  return [...form.querySelectorAll(".criterion:has(.scale)")].find((one) => !one.querySelector("input:checked"));
}

function mark(key) {
  const criterion = criterionInReach();
  const value = key === "0" ? "10" : key;
  const input = criterion && criterion.querySelector(`input[value="${value}"]`);
  if (!input) return;
  input.checked = true;
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("textarea, select, input:not([type=radio])")) return;
  if (/^[0-9]$/.test(event.key)) {
    event.preventDefault();
    mark(event.key);
  } else if (event.key.toLowerCase() === "c") {
    event.preventDefault();
    form.elements.comment.focus();
  }
}

if (form) {
  form.addEventListener("change", () => soon(0));
  form.elements.comment.addEventListener("input", () => soon(1200));
  document.addEventListener("keydown", keys);
  // The form is sent with the version that stands in it: a save still on its way would make it stale.
  form.addEventListener("submit", () => clearTimeout(timer));
}
