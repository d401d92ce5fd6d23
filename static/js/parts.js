// Small behaviours of the shared parts. Every page works without this file.

function focusErrors(root) {
  const summary = root.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

function openDialog(event) {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (!dialog || typeof dialog.showModal !== "function") return;
  event.preventDefault();
  dialog.showModal();
}

function closeDialog(event) {
  const closer = event.target.closest("[data-close]");
  if (!closer) return;
  event.preventDefault();
  closer.closest("dialog").close();
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
}

function escapeMenu(event) {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

// The text of the chosen level stands at the point of choice.
function showLevel(event) {
  const mark = event.target.closest(".scale input");
  const level = mark && mark.closest(".criterion").querySelector("[data-level-of]");
  if (level) level.textContent = mark.dataset.level || "";
}

function stepRows(event) {
  const row = event.target.closest("tr[data-href]");
  if (!row || event.target.closest("a, button, input, label, select, summary")) return;
  window.location.assign(row.dataset.href);
}

// What this browser kept of unsaved forms (drafts.js) is for whoever is signed in, and goes with them.
function forgetDrafts(event) {
  if (!event.target.matches("form[action$='/logout/']")) return;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:")) localStorage.removeItem(key);
  } catch {
    // a browser that forbids storage has kept nothing
  }
}

document.addEventListener("click", openDialog);
document.addEventListener("click", closeDialog);
document.addEventListener("click", closeMenus);
document.addEventListener("click", stepRows);
document.addEventListener("keydown", escapeMenu);
document.addEventListener("change", showLevel);
document.addEventListener("submit", forgetDrafts);
document.addEventListener("htmx:load", (event) => focusErrors(event.detail.elt));
focusErrors(document);

// A table that is wider than its frame is scrolled by keyboard too.
const frames = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
function watchFrames(root) {
  for (const frame of root.querySelectorAll(".table-wrap, .tabular fieldset.module, #changelist .results")) frames.observe(frame);
}
document.addEventListener("htmx:load", (event) => watchFrames(event.detail.elt));
watchFrames(document);
