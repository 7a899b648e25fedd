/* The numbers of the moment on show, a column a run. */

import { make, put } from "../kit/dom.js";
import { fixed, inNats, isNumber } from "../kit/numbers.js";
import { letterOf } from "../kit/runs.js";
import { say } from "../kit/words.js";
import { badgeOf } from "./runs.js";
import { norm, percent, unseenTexts } from "./texts.js";

/** @typedef {import("./moments.js").Moment} Moment */
/** @typedef {import("./moments.js").Meta} Meta */

/** @param {string} name @param {string} label @param {string} [title] */
const row = (name, label, title) => make("tr", { class: name, title }, make("th", { scope: "row" }, label));

export class Measured {
  constructor() {
    this.columns = 0;
    this.head = make("tr", { class: "head", hidden: "" });
    this.rows = {
      js: row("js", "JS(p_data, p_g)", say("jsTitle")),
      kl: row("kl", "KL(p_data ‖ p_g)", say("klTitle")),
      modes: row("modes", say("modesCovered")),
      quality: row("quality", say("nearMode"), say("nearModeTitle")),
      pull: row("pull", say("meanPull"), say("meanPullTitle")),
      grads: row("grads", say("gradients"), say("gradientsTitle")),
    };
    const { kl, pull, grads, ...few } = this.rows;
    this.note = make("p", { class: "note" });
    this.how = make("p", { class: "how" });
    const rest = make("table", {}, kl, pull, grads);
    const more = make("details", { class: "more-numbers" }, make("summary", {}, say("moreNumbers")), rest, this.how);
    const table = make("table", {}, this.head, ...Object.values(few));
    const legend = make("legend", {}, say("measured"));
    this.node = make("fieldset", { class: "group measured" }, legend, table, this.note, more);
  }
  /** @param {number} count */
  arrange(count) {
    if (count === this.columns) return;
    this.columns = count;
    this.head.hidden = count < 2;
    const heads = [make("th"), ...[0, 1].map((k) => make("td", {}, badgeOf(k)))];
    this.head.replaceChildren(...(count > 1 ? heads : []));
    for (const each of Object.values(this.rows))
      each.replaceChildren(each.cells[0], ...Array.from({ length: count }, () => make("td")));
  }
  /** @param {Moment[]} moments @param {Meta} meta of the first run */
  show(moments, { scoring: { samples, bins, fair } }) {
    this.arrange(moments.length);
    const { modes, quality } = this.rows;
    modes.hidden = quality.hidden = !moments.some(({ data }) => data.modes);
    modes.title = fair ? say("modesTitle", { share: percent(fair) }) : say("modesTitleOne");
    for (const [k, moment] of moments.entries())
      for (const [name, text] of Object.entries(textsOf(moment, moments.length > 1)))
        put(this.rows[/** @type {keyof typeof this.rows} */ (name)].cells[k + 1], text);
    const floors = [...new Set(moments.map(({ data }) => fixed(data.floor.js, 3)))].join(say("listComma"));
    const unseen = moments.flatMap((moment, k) =>
      unseenTexts(moment).map((text) => (moments.length > 1 ? say("titled", { title: letterOf(k), text }) : text)),
    );
    put(this.note, unseen.join(say("listSeparator")));
    put(this.how, say("scoredWith", { samples, bins, floors }));
  }
}

/** @param {Moment} moment @param {boolean} narrow whether there are two columns */
function textsOf({ scores, data, step }, narrow) {
  const nats = narrow ? fixed : inNats;
  // before the first step there is no gradient
  const gradients = [scores.d_grad, scores.g_grad].map((x) => norm(step ? x : undefined));
  return {
    js: nats(scores.js, 3),
    kl: nats(scores.kl, 2),
    modes: isNumber(scores.modes) ? `${scores.modes} / ${data.modes}` : fixed(scores.modes),
    quality: percent(scores.quality),
    pull: norm(scores.pull),
    grads: gradients.join(narrow ? "\n" : say("listComma")),
  };
}
