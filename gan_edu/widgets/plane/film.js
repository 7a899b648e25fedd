/* The plane's films: one that grows while its model trains, and recordings that stand still. */

import { toBlob } from "../kit/atlas.js";
import { Film } from "../live/film.js";

/** @typedef {import("../kit/atlas.js").Picture} Picture */
/** @typedef {import("./frames.js").Bytes} Bytes */
/** @typedef {import("./moments.js").Meta} Meta */
/** @typedef {import("./moments.js").Now} Now */
/** @typedef {import("./moments.js").Run} Run */
/** @typedef {{meta: Meta, atlas: Picture}} Packed a recording */

/** @typedef {object} Status
 * @property {string} phase
 * @property {number} step
 * @property {Record<string, unknown>} settings
 * @property {{at?: string, text?: string}} notice
 * @property {number} seed
 * @property {number | null} [rate]
 * @property {boolean} [inline]
 * @property {number} [pace] steps a second, at most; 0: as fast as it can
 * @property {string | null} [preset] the situation that the run began with
 * @property {string | null} [error]
 */
/** @typedef {object} Told what the kernel says when a view opens, beside the film
 * @property {Record<string, import("./setting.js").Control>} controls
 * @property {Record<string, unknown>} defaults
 * @property {import("./acts.js").Can} can
 * @property {[string, string][]} lines of the loop, each with what it does
 * @property {Record<string, [string | null, string | null]>} formulas of D and G, of each loss
 * @property {string[]} uses the settings that the chapter uses; none: all of them
 * @property {string[]} presets the situations that can be tried
 * @property {number[]} paces steps a second that can be chosen
 * @property {[string, string][]} shelf names and titles of the shipped runs
 */
/** @typedef {object} Shown what a view takes as a film
 * @property {number} number which run it is of
 * @property {Meta} meta
 * @property {readonly Picture[]} pictures
 * @property {Status} status
 * @property {Now | null} now
 * @property {Told | null} told where there is a kernel
 * @property {(message: object) => void} send
 * @property {Set<import("../live/film.js").View>} views listeners that hear answers, too
 */
/** @typedef {{slow?: import("./moments.js").Still[], code?: string, beside?: Meta}} Answer what was asked for and is
 *   no part of the film */
/** @typedef {{update(): void, heard(token: string): void, told(answer: Answer, buffers: Bytes[]): void}} Listener
 *   update: the film has grown, or is another */

/** The film of one model; beside its frames it knows what is to be seen at this very step. */
export class PlaneFilm extends Film {
  /** @param {import("../kit/store.js").Model} model */
  constructor(model) {
    super(model);
    /** @type {Now | null} */
    this.now = null;
    /** @type {Now | null} */
    this.coming = null; // what is now, once the views are told
  }
  /** @returns {Told} */
  get told() {
    return this.model.get("film");
  }
  /** @param {object} message */
  send(message) {
    this.model.send(message);
  }
  /** @param {any} whole */
  take(whole) {
    this.now = null;
    super.take(whole);
  }
  /** @param {any} message @param {Picture[]} buffers */
  hear(message, buffers) {
    if (message.slow || message.code !== undefined || message.beside) {
      for (const view of /** @type {Set<Listener>} */ (this.views))
        view.told(message, /** @type {Bytes[]} */ (buffers));
      return;
    }
    const { news } = message;
    const count = news ? news.frames.step.length : 0;
    if (news && news.film >= this.number) this.coming = news.now ? { ...news.now, bytes: buffers[count] } : null;
    super.hear(message, buffers.slice(0, count));
  }
  tell() {
    this.now = this.coming ?? null;
    this.coming = null;
    super.tell();
  }
}

/** A recording that stands still. @param {Run} run @returns {Shown} */
export function stillFilm({ meta, pictures }) {
  const { seed = 0, settings = {} } = meta.provenance ?? {};
  const step = meta.frames.step[meta.frames.step.length - 1];
  const status = { phase: "recorded", step, settings, notice: {}, seed };
  return { number: 1, meta, pictures, status, now: null, told: null, send() {}, views: new Set() };
}

/** A recording with its frames, out of their zlib bytes. @param {Packed} packed @returns {Promise<Run>} */
export async function unpacked({ meta, atlas }) {
  const { frame_bytes: size = 0, frames = 0 } = meta.atlas ?? {};
  const packed = toBlob(atlas).stream();
  const all = new Uint8Array(await new Response(packed.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
  return { meta, pictures: Array.from({ length: frames }, (_, k) => all.slice(k * size, (k + 1) * size)) };
}
