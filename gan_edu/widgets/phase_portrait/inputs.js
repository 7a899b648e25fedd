/* What is chosen and slid: the game, the regulariser and its strength, the rule of the steps. */

import { make, put } from "../kit/dom.js";
import { chooses } from "../kit/fields.js";
import { slider } from "../kit/inputs.js";
import { fixed, signed } from "../kit/numbers.js";
import { say } from "../kit/words.js";
import { strengthSlider } from "./strength.js";

/** @typedef {import("./dirac.js").Dirac} Dirac */

/** What each regulariser does: keys of texts. @type {Record<import("./dirac.js").Penalty, string>} */
const DOES = {
  none: "doesNone",
  R1: "doesR1",
  R2: "doesR2",
  "WGAN-GP": "doesWganGp",
  "instance noise": "doesNoise",
  consensus: "doesConsensus",
  "WGAN clipping": "doesClipping",
};

/** @param {import("../kit/store.js").Store} store */
export function inputsOf(store) {
  const { loss, penalty, order } = choices(store);
  const gamma = strengthSlider(store);
  const sliders = rule(store);
  const does = make("p", { class: "words does" });
  const acts = make("div", { class: "acts" });
  acts.append(loss.labelled(), penalty.labelled(), order.labelled(say("orderShort")));
  const sets = make("div", { class: "sets" }, gamma.node, ...Object.values(sliders).map(({ node }) => node));
  const node = make("div", { class: "panel-controls" }, acts, does, sets);
  /** @param {Dirac} game @param {import("./spectrum.js").Spectrum | null} seen its eigenvalues
   * @param {string} more what screen readers are told beside each number */
  const show = (game, seen, more) => {
    put(does, say(DOES[game.penalty]));
    gamma.show(game, seen, more);
    sliders.step.show(Math.log10(game.step), more);
    sliders.momentum.show(game.momentum, more);
    sliders.steps.show(store.get("steps"), more);
    for (const each of [loss, penalty, order]) each.show();
  };
  return { node, show };
}

/** @param {import("../kit/store.js").Store} store */
function choices(store) {
  const loss = chooses(store, "loss", [
    ["GAN", say("gan")],
    ["NSGAN", say("nsgan")],
    ["WGAN", say("wgan")],
  ]);
  const penalty = chooses(store, "penalty", [
    ["none", say("none")],
    ["R1", "R1"],
    ["R2", "R2"],
    ["WGAN-GP", "WGAN-GP"],
    ["instance noise", say("noise")],
    ["consensus", say("consensus")],
    ["WGAN clipping", say("clipping")],
  ]);
  const order = chooses(store, "order", [
    ["simultaneous", say("simultaneous")],
    ["G first", say("gFirst")],
    ["D first", say("dFirst")],
  ]);
  return { loss, penalty, order };
}

/** The sliders of the rule by which the players step.
 * @param {import("../kit/store.js").Store} store */
function rule(store) {
  const step = slider({
    ...{ label: say("stepLabel"), say: say("step"), min: -2, max: Math.log10(2), step: 0.001 }, // by powers of ten
    tell: (at) => fixed(10 ** at, at < -1 ? 3 : 2),
    go: (at) => store.set({ step: +(10 ** at).toFixed(3) }),
  });
  const momentum = slider({
    ...{ label: say("momentumLabel"), say: say("momentum"), min: -0.9, max: 0.95, step: 0.01 },
    tell: (beta) => signed(beta, 2),
    go: (beta) => store.set({ momentum: beta }),
  });
  const steps = slider({
    ...{ label: say("steps"), min: 50, max: 2000, step: 10 },
    tell: (count) => fixed(count, 0),
    go: (count) => store.set({ steps: count }),
  });
  return { step, momentum, steps };
}
