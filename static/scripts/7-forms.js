// Forms: short addresses, lists that narrow while one types, boxes that are ticked together.
import { all, on } from "./0-dom.js";

export const checkAll = (hit) => all("li:not([hidden]) [type=checkbox]", hit.form)
  .forEach((check) => { check.checked = hit.dataset.checks === "all"; });

on("input", ({ target }) => {
  const sought = target.value.trim().toLowerCase();
  for (const item of document.getElementById(target.dataset.narrows)?.children ?? [])
    item.hidden = !item.textContent.toLowerCase().includes(sought);
});
// Nothing empty in an address; all panels is none named, and all columns too.
on("formdata", ({ target, formData }) => {
  if (target.method !== "get") return;
  [...formData].forEach(([name, value]) => value === "" && formData.delete(name));
  if (all("[name=panel]", target).every((check) => check.checked)) formData.delete("panel");
  const columns = all("[name=columns][type=checkbox]", target);
  if (!columns.length) return;
  if (columns.every((check) => check.checked)) formData.delete("columns");
  else formData.set("columns", formData.getAll("columns").join());
});
