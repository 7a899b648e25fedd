/* The G that is trained with the panel's D: it moves p_g, remembers from where, and shows what it feels. */

import { logDensity, randomFrom } from "../kit/density.js";
import { clamp } from "../kit/numbers.js";
import { pullAt, stepped } from "./generator.js";
import { rangeOf } from "./traits.js";

const ARROWS = [-1.6, -0.8, 0, 0.8, 1.6]; // in widths of a bump of p_g: where the pull is shown
const SEED = 2; // of its samples

export class TrainedG {
  /** @param {import("../kit/trained_panel.js").TrainedPanel} panel */
  constructor(panel) {
    this.panel = panel;
    this.random = randomFrom(SEED);
    this.rounds = 0; // its steps
    /** @type {Record<string, number> | null} */
    this.began = null; // p_g before it was moved by G
  }
  /** Some steps of D, then one of G, which moves p_g. */
  round() {
    const { panel, random } = this;
    const { store, net } = panel;
    const fake = panel.game[1];
    const names = fake.bumps.flatMap((_, k) => [`fake_mean_${k + 1}`, `fake_width_${k + 1}`]);
    this.began ??= Object.fromEntries(names.map((name) => [name, store.get(name)]));
    panel.learn(store.get("d_steps"));
    const after = stepped(net, store.get("g_loss"), fake, random).flatMap(({ mean, width }) => [mean, width]);
    store.set(Object.fromEntries(names.map((name, k) => [name, clamp(after[k], ...rangeOf(name))])));
    this.rounds += 1;
    panel.took();
  }
  /** p_g goes back to where G found it. */
  forget() {
    if (this.began) this.panel.store.set(this.began);
    this.began = null;
    this.rounds = 0;
    this.random = randomFrom(SEED);
  }
  /** Where G's gradient pulls at p_g, through the D that stands there; nowhere before that has learnt.
   * @returns {import("./plots.js").Pull[]} */
  pulls() {
    const { store, net, game } = this.panel;
    const fake = game[1];
    const edge = fake.shape === "uniform" ? 0.6 : 1; // a box ends at its width
    if (!net.steps) return [];
    return fake.bumps
      .filter(({ weight }) => weight > 0)
      .flatMap(({ mean, width }) => ARROWS.map((u) => mean + edge * u * width))
      .map((x) => ({ x, height: Math.exp(logDensity(fake, x)) / 2, by: pullAt(net, store.get("g_loss"), x) }));
  }
}
