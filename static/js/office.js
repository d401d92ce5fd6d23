// Django's searchable choice replaces a select by an element that has no name: it gets the one of the select's label.
const name = (root) => {
  for (const box of root.querySelectorAll("select.admin-autocomplete + .select2 [role=combobox]")) {
    const select = box.closest(".select2").previousElementSibling;
    const label = select.labels[0] ?? select.closest("td")?.closest("table")?.querySelector(`th.column-${select.name.split("-").pop()}`);
    if (label) box.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
    box.removeAttribute("aria-labelledby");
  }
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
addEventListener("load", () => name(document));
document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target)));
