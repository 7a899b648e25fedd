import { toBlob } from "../kit/atlas.js";
import { Film } from "../live/view.js";
import { PlaneView } from "./view.js";

/* The plane's films: one that grows while its model trains, and recordings that stand still. It follows live.js. */

/** The film of one model; beside its frames it knows what is to be seen at this very step. */
export class PlaneFilm extends Film {
  take(whole) {
    Object.assign(this, {
      now: null,
      controls: whole.controls,
      defaults: whole.defaults,
      can: whole.can,
      lines: whole.lines,
      live: true,
    });
    super.take(whole);
  }
  hear(message, buffers) {
    if (message.slow || message.code !== undefined || message.beside)
      return this.views.forEach((view) => view.told(message, buffers));
    const { news } = message,
      count = news ? news.frames.step.length : 0;
    const now = news && news.now ? { ...news.now, bytes: buffers[count] } : null;
    if (news && news.film >= this.number) this.coming = now;
    super.hear(message, buffers.slice(0, count));
  }
  tell() {
    this.now = this.coming || null;
    this.coming = null;
    super.tell();
  }
}

/** A recording that stands still: {meta, frames: [bytes]}. */
const stillFilm = ({ meta, frames }) => ({
  meta,
  pictures: frames,
  now: null,
  live: false,
  views: new Set(),
  lines: [],
  can: {},
  number: 1,
  model: null,
  status: {
    phase: "recorded",
    step: meta.frames.step.at(-1),
    settings: meta.provenance.settings,
    notice: {},
    seed: meta.provenance.seed,
  },
});

/** The frames of a recording, out of its zlib bytes. */
export async function inflate(meta, bytes) {
  const all = new Uint8Array(
    await new Response(toBlob(bytes).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer(),
  );
  const size = meta.atlas.frame_bytes;
  return Array.from({ length: meta.atlas.frames }, (_, k) => all.slice(k * size, (k + 1) * size));
}

/* Where there is a kernel, and where there is none. */

export const plane = (element, film, beside) => new PlaneView(element, film, beside);

export async function stillPlane(element, recordings) {
  const films = await Promise.all(
    recordings.map(async ({ meta, atlas }) => ({ meta, frames: await inflate(meta, atlas) })),
  );
  return plane(element, stillFilm(films[0]), films[1] && { meta: films[1].meta, pictures: films[1].frames });
}
