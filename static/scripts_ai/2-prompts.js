// Trials of an AI prompt: the text is in one form, and each of the two results grows by a form of its own (8-ai.js), which takes what is typed
// in the first. Without a script the buttons send the first form, and the page comes again with the result.
import { on, one } from "./0-dom.js";

on("click", (event) => {
  const button = event.target.closest("button[data-tries]");
  const form = button && one(`form[data-ai="${CSS.escape(button.dataset.tries)}"]`);
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
on("formdata", ({ target, formData }) => {
  const from = target.dataset.takes && document.getElementById(target.dataset.takes);
  if (!from) return;
  for (const [name, value] of new FormData(from)) if (!formData.has(name)) formData.append(name, value);
});
