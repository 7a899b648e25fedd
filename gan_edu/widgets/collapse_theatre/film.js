/* What the theatre shows: the film of a run that grows while its model trains, or recorded ones in a page. */

import { unpacked } from "../plane/film.js";
import { Reel } from "./reel.js";

/** @typedef {import("./reel.js").Part} Part */
/** @typedef {import("./reel.js").Stage} Stage */
/** @typedef {{title: string, does: string}} Cure */
/** @typedef {{stages: Record<string, Stage>, cures: Record<string, Cure>}} Told */
/** @typedef {object} Status
 * @property {string} phase
 * @property {number} step
 * @property {string} stage
 * @property {string[]} on the cures that are on
 * @property {number | null} [rate]
 * @property {boolean} [inline]
 * @property {{at?: string, text?: string}} [notice]
 * @property {string | null} [error]
 */
/** @typedef {import("../kit/store.js").Store} Store */
/** @typedef {{meta: import("./reel.js").Meta & {atlas: any}, atlas: string}} Packed a recording in a page */

export const NONE = "none"; // the film without a cure

/** The film of one model as the theatre shows it. @param {import("../live/film.js").Film} film */
export function reelOf(film) {
  const { meta, pictures } = film;
  const told = /** @type {Told} */ (film.model.get("film"));
  const layout = meta.kind === "images" ? film.recording().meta.atlas : null;
  return new Reel([{ meta, pictures, layout }], told.stages[film.status.stage]);
}

/** Recorded films by stage and cure, each unpacked once. */
export class Shelf {
  /** @param {Record<string, Record<string, Packed>>} films @param {Told} told */
  constructor(films, told) {
    this.films = films;
    this.told = told;
    /** @type {Map<Packed, Part>} */
    this.known = new Map();
  }
  /** The cures that a stage has a film of. @param {string} stage */
  cures(stage) {
    return Object.keys(this.films[stage] ?? {}).filter((name) => name !== NONE);
  }
  /** The step at which the cures of a stage are switched on; null where there are none. @param {string} stage */
  from(stage) {
    const [cure] = this.cures(stage);
    return cure ? this.films[stage][cure].meta.frames.step[0] : null;
  }
  /** @param {string} stage @param {string} cure */
  async reel(stage, cure) {
    const films = this.films[stage];
    const chosen = cure === NONE || !films[cure] ? [films[NONE]] : [films[NONE], films[cure]];
    return new Reel(await Promise.all(chosen.map((film) => this.part(film))), this.told.stages[stage]);
  }
  /** @param {Packed} film @returns {Promise<Part>} */
  async part(film) {
    const known = this.known.get(film);
    if (known) return known;
    const { meta, atlas } = film;
    const pictures = meta.kind === "points" ? (await unpacked(/** @type {any} */ (film))).pictures : [atlas];
    const part = { meta, pictures, layout: meta.kind === "images" ? meta.atlas : null };
    this.known.set(film, part);
    return part;
  }
}
