// What is shown once is not found again by going back: browsers keep pages that were left.
import { all } from "./0-dom.js";

addEventListener("pagehide", () => all("[data-once]").forEach((shown) => shown.remove()));
