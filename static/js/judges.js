// The score sheet: saved on change, marked by keys. Without this file the same form is sent by its buttons.

const form = document.querySelector("form[data-sheet]");
const RETRY = 10000;
let timer = 0;
let running = null;
let again = false;
let dirty = false;
let failing = false;

function chip(text, kind, link) {
  const saved = document.getElementById("saved");
  saved.className = "chip chip-" + kind;
  saved.textContent = text;
  if (link) saved.append(" ", link);
}

function linkTo(href, text) {
  const link = document.createElement("a");
  link.href = href;
  link.textContent = text;
  return link;
}

function show(answer) {
  failing = false;
  form.elements.version.value = answer.version;
  form.querySelector("[data-total]").textContent = answer.total;
  for (const place of document.querySelectorAll("[data-marked]")) place.textContent = answer.marked;
  chip(answer.saved, "ok");
}

function notSaved(text, link) {
  dirty = failing = true;
  chip(text, "bad", link);
}

// Signing in again in another window renews the token; the cookie has the one that counts.
function renewToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (cookie) form.elements.csrfmiddlewaretoken.value = cookie[1];
}

async function send(keepalive) {
  renewToken();
  dirty = false;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, keepalive });
    const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
    const answer = isJson ? await response.json() : {};
    if (response.redirected) notSaved(form.dataset.signedOut, linkTo(response.url, form.dataset.signIn));
    else if (response.ok && isJson) show(answer);
    else notSaved(answer.stale || form.dataset.failed);
  } catch {
    notSaved(form.dataset.failed);
    soon(RETRY);
  }
}

// One save at a time, so that each carries the version that the one before it got.
function save() {
  clearTimeout(timer);
  if (running) {
    again = true;
    return running;
  }
  running = send(false).finally(() => {
    running = null;
    if (!again) return undefined;
    again = false;
    return save();
  });
  return running;
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function changed(wait) {
  dirty = true;
  soon(wait);
}

// The form is sent with the version that stands in it: a save still on its way is waited for.
function submit(event) {
  clearTimeout(timer);
  renewToken();
  if (!running) {
    dirty = failing = false;
    return;
  }
  event.preventDefault();
  const button = event.submitter;
  running.then(() => form.requestSubmit(button));
}

// 1 to 9 and 0 for ten mark the criterion in focus; without one, the first that has no mark yet.
function criterionInReach() {
  const focused = document.activeElement && document.activeElement.closest(".criterion:has(.scale)");
  if (focused) return focused;
  return [...form.querySelectorAll(".criterion:has(.scale)")].find((one) => !one.querySelector("input:checked"));
}

function mark(key) {
  const criterion = criterionInReach();
  const values = key === "0" ? ["10", "0"] : [key];
  const input = criterion && values.map((value) => criterion.querySelector(`input[value="${value}"]`)).find(Boolean);
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

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

if (form) {
  form.addEventListener("change", () => changed(0));
  form.elements.comment.addEventListener("input", () => changed(1200));
  form.addEventListener("submit", submit);
  document.addEventListener("keydown", keys);
  window.addEventListener("online", () => failing && save());
  // Whoever leaves in mid-sentence has the sentence sent along; where saving failed, the browser asks before it leaves.
  window.addEventListener("pagehide", () => dirty && !failing && send(true));
  window.addEventListener("beforeunload", (event) => failing && event.preventDefault());
  // A page that comes back from the browser's memory may hold an older version than was saved while it was left.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  if ("unsaved" in form.dataset) save();
}
