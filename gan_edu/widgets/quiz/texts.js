/* A text with marks as nodes of a page. */

import { make } from "../kit/dom.js";
import { inSigns, parts, runs } from "./marked.js";

/** @param {string} text @returns {(Node | string)[]} */
export const nodes = (text) => parts(text).map(node);

/** @param {import("./marked.js").Part} part */
function node({ kind, text }) {
  if (kind === "plain") return text;
  if (kind === "code") return make("code", {}, text);
  if (kind === "stressed") return make("em", {}, text);
  const found = runs(text);
  const about = { class: "formula", role: "math", "aria-label": inSigns(found) };
  return make("span", about, ...drawn(found));
}

/** @param {readonly import("./marked.js").Run[]} found @returns {Node[]} */
function drawn(found) {
  return found.map((run) => {
    if (!("text" in run)) return make(run.raised ? "sup" : "sub", {}, ...drawn(run.inside));
    return make(run.slanted ? "i" : "span", {}, run.text);
  });
}
