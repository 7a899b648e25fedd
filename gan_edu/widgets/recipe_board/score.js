/* The score of the chosen recipe, of the one before and of real data, and what the difference is worth. */

import { make, put, rich } from "../kit/dom.js";
import { fidText, fixed, whole } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { chance, differing, FEWEST, verdict } from "./recipes.js";

/** @typedef {import("./recipes.js").Recipe} Recipe */
/** @typedef {import("./recipes.js").Stored} Stored */

/** @param {Recipe} recipe */
export const rangeText = ({ low, high }) => `${fidText(low)}–${fidText(high)}`;

/** What was switched, "+ pairs, − average", and how much at once; "" where nothing was.
 * @param {Stored} stored @param {readonly string[]} on @param {readonly string[]} before */
export function changeText(stored, on, before) {
  const some = differing(stored, on, before);
  const change = some.map(({ key, label }) => `${on.includes(key) ? "+" : "−"} ${label}`).join(say("listComma"));
  return some.length > 1 ? say("atOnce", { change, number: some.length }) : change;
}

/** What the seeds say of a change, in a sentence with *strong* parts. @param {Recipe} now @param {Recipe} before */
export function verdictText(now, before) {
  const found = verdict(now, before);
  const count = Math.min(now.runs.length, before.runs.length);
  if (found === "few") return say("few", { needed: FEWEST });
  if (found === "overlap") return say("overlap", { count });
  const odds = chance(now.runs.length, before.runs.length);
  return say(found, { count, before: fidText(before.median), now: fidText(now.median), chance: odds });
}

export class Score {
  /** @param {Stored} stored */
  constructor(stored) {
    this.stored = stored;
    this.rows = { now: rowOf("now"), before: rowOf("before"), floor: rowOf("realData") };
    const heads = ["", "median", "range", "recall", "steps"].map((key) =>
      make("th", { scope: "col" }, key ? say(key) : ""),
    );
    const rows = Object.values(this.rows).map(({ node }) => node);
    this.table = make("table", {}, make("tr", { class: "head" }, ...heads), ...rows);
    this.change = make("p", { class: "change-told" });
    this.worth = make("p", { class: "worth" });
    const about = make("p", { class: "words" }, say("scoreOf", { samples: stored.samples }));
    this.node = make("div", { class: "score" }, this.table, about, this.change, this.worth);
    const { fid, recall } = stored.floor;
    fill(this.rows.floor, [fidText(fid), "", recall === null ? "" : fixed(recall), ""]);
  }
  /** @param {Recipe | undefined} now @param {Recipe | undefined} before @param {{change: string, worth: string}} said */
  show(now, before, said) {
    fill(this.rows.now, textsOf(now));
    fill(this.rows.before, textsOf(before));
    put(this.change, said.change);
    this.worth.replaceChildren(...rich(said.worth));
  }
}

/** @param {Recipe | undefined} recipe */
const textsOf = (recipe) =>
  recipe ? [fidText(recipe.median), rangeText(recipe), fixed(recipe.recall), whole(recipe.steps)] : ["–", "", "", ""];

/** @param {string} key */
function rowOf(key) {
  const cells = Array.from({ length: 4 }, () => make("td"));
  return { cells, node: make("tr", { class: key }, make("th", { scope: "row" }, say(key)), ...cells) };
}

/** @param {ReturnType<typeof rowOf>} row @param {readonly string[]} texts */
function fill({ cells }, texts) {
  for (const [k, text] of texts.entries()) put(cells[k], text);
}
