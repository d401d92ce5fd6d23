// What Django's own scripts and tables leave out for those who do not see, or who use no mouse.

// A searchable choice replaces a select by an element that has no name: it gets the one of the select's label.
const name = (root) => {
  for (const box of root.querySelectorAll("select.admin-autocomplete + .select2 [role=combobox]")) {
    const select = box.closest(".select2").previousElementSibling;
    const label = select.labels[0]?.textContent ?? select.ariaLabel;
    for (const part of label ? [box, ...box.querySelectorAll("[role=textbox]")] : []) {
      part.setAttribute("aria-label", label.trim().replace(/:$/, ""));
    }
    box.removeAttribute("aria-labelledby");
  }
  for (const sign of root.querySelectorAll(".search-label-icon[aria-label]")) sign.setAttribute("role", "img");
};
// On a phone a row becomes a card, and each cell says its column; Django's own templates leave that to us.
const label = (table) => {
  const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
  for (const row of table.tBodies[0].rows) {
    if (row.cells.length !== heads.length) continue;
    [...row.cells].forEach((cell, place) => {
      if (heads[place]) cell.dataset.label = heads[place];
    });
  }
  table.classList.add("cards");
};
for (const table of document.querySelectorAll(".inline-group table, #change-history table, table.import-preview")) {
  if (table.tHead && table.tBodies.length) label(table);
}
addEventListener("load", () => {
  name(document);
  const note = document.querySelector(".errornote"); // what is wrong is read first, not the form's first field
  if (note) {
    note.tabIndex = -1;
    note.focus();
  }
});
window.django?.jQuery?.(() => name(document)); // the choices are made when jQuery is ready, which may be after the load
document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target)));

// A page that waits for a worker looks again by itself.
const waiting = document.querySelector("[data-again]");
if (waiting) setTimeout(() => location.reload(), 1000 * waiting.dataset.again);
