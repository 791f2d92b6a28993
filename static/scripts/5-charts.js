// A chart brings its own script along when somebody comes near it.
import { on } from "./0-dom.js";

function near(event) {
  const script = event.target.closest?.("[data-script]")?.dataset.script;
  if (script) import(script).then((charts) => charts[event.type]?.(event));
}
for (const doing of ["pointerover", "focusin", "click"]) on(doing, near);
