// Django's searchable choice replaces a select by an element that has no name: it gets the one of the select's label.
const name = (root) => {
  for (const box of root.querySelectorAll("select.admin-autocomplete + .select2 [role=combobox]")) {
    const select = box.closest(".select2").previousElementSibling;
    const label = select.labels[0] ?? select.closest("td")?.closest("table")?.querySelector(`th.column-${select.name.split("-").pop()}`);
    if (label) box.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
    box.removeAttribute("aria-labelledby");
  }
};
addEventListener("load", () => name(document));
document.addEventListener("formset:added", (event) => setTimeout(() => name(event.target)));
