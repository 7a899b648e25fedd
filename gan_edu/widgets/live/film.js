/* The film of one model, put together from what the kernel sends. All views of the model share it.
 *
 * The kernel sends the whole film (the trait `film`) when a model is made, and then messages {news, status} with the
 * pictures of new frames; the views send {do, token, …} and hear {heard: token}. docs/architecture.md has the parts
 * of a message.
 */

/** @typedef {import("../kit/store.js").Model} Model */
/** @typedef {import("../replay/run.js").Meta} Meta */
/** @typedef {import("../replay/run.js").Picture} Picture */
/** @typedef {import("../kit/numbers.js").Maybe} Maybe */

/** @typedef {Record<string, any[]> & {keep: number[] | null, from: number, scored?: object}} NewFrames
 *   lists by name; keep: places of those that stay; scored: the scores of the last known one */
/** @typedef {Record<string, Maybe[]> & {from: number}} NewCurves from: how many points stay as they are */
/** @typedef {{frames: NewFrames, curves: NewCurves, about?: object, log?: Meta["log"]}} New */
/** @typedef {New & {film: number, version: number}} News */
/** @typedef {{heard?: string, news?: News, status?: object}} Message */
/** @typedef {{update(): void, heard(token: string): void}} View */

const PATIENCE = 1000; // ms between two requests for all of it

export class Film {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    /** @type {Set<View>} */
    this.views = new Set();
    this.number = 0; // each run's film has its own
    this.version = 0; // of its news
    /** @type {any} where the run stands */
    this.status = {};
    /** @type {any} as in a recording.json */
    this.meta = {};
    /** @type {Picture[]} */
    this.pictures = [];
    this.asked = Number.NEGATIVE_INFINITY; // when all of it was asked for
    this.later = 0;
    this.waiting = 0;
    this.take(model.get("film"));
    model.on("change:film", () => this.take(model.get("film")));
    model.on("msg:custom", (message, buffers) => this.hear(message, buffers ?? []));
  }
  /** All of it. @param {any} whole */
  take({ film, version, meta, pictures, status }) {
    [this.number, this.version, this.status] = [film, version, status];
    this.meta = { ...meta, frames: { ...meta.frames }, curves: { ...meta.curves } };
    this.pictures = [...pictures];
    this.tell();
  }
  /** @param {Message} message @param {Picture[]} buffers */
  hear({ heard, news, status }, buffers) {
    if (heard !== undefined) for (const view of this.views) view.heard(heard);
    if (!news || news.film < this.number || (news.film === this.number && news.version <= this.version)) return;
    const next = news.film === this.number && news.version === this.version + 1;
    if (!next || !this.add(news, buffers)) {
      this.askForAll();
      return;
    }
    [this.version, this.status] = [news.version, { ...this.status, ...status }];
    this.tell();
  }
  /** Adds what is new; false where something before it is missing. @param {News} news @param {Picture[]} buffers */
  add({ frames, curves, about, log }, buffers) {
    const { meta } = this;
    if (frames.keep) this.drop(frames.keep);
    const known = frames.from === this.pictures.length && curves.from <= meta.curves.step.length;
    if (!known || buffers.length !== frames.step.length) return false;
    if (frames.scored) meta.frames.scores[frames.from - 1] = frames.scored;
    for (const name of Object.keys(meta.frames)) meta.frames[name] = [...meta.frames[name], ...frames[name]];
    const { from, ...added } = curves;
    for (const [name, values] of Object.entries(added))
      meta.curves[name] = [...(meta.curves[name] ?? []).slice(0, from), .../** @type {Maybe[]} */ (values)];
    this.pictures = [...this.pictures, ...buffers];
    Object.assign(meta, about, log ? { log } : {});
    return true;
  }
  /** Lets go of all frames but these. @param {number[]} keep */
  drop(keep) {
    const { frames } = this.meta;
    for (const name of Object.keys(frames)) frames[name] = keep.map((place) => frames[name][place]);
    this.pictures = keep.map((place) => this.pictures[place]);
  }
  askForAll() {
    const wait = this.asked + PATIENCE - performance.now();
    if (wait > 0) {
      this.later ||= window.setTimeout(() => {
        this.later = 0;
        this.askForAll();
      }, wait);
      return;
    }
    this.asked = performance.now();
    this.model.send({ do: "all", token: "" });
  }
  /** The recording that a replay shows. */
  recording() {
    const { columns, rows, tile_width, tile_height } = this.meta.grid;
    const atlas = { columns: 1, rows: 1, frame_width: columns * tile_width, frame_height: rows * tile_height };
    return { meta: { ...this.meta, atlas }, atlas: this.pictures };
  }
  /** Tells the views, at most once a screen refresh; a hidden page catches up later. */
  tell() {
    this.waiting ||= requestAnimationFrame(() => {
      this.waiting = 0;
      for (const view of this.views) view.update();
    });
  }
}
