/* Holes and pictures of 28 × 28 pixels: as text, as holes.py has them; painted with a round brush; the stored hole that is
 * nearest to a painted one; and how far a restored picture is from the real one. */

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** @typedef {{name: string, bits: string}} Preset a stored hole */

/** A hole's pixels, 1 where one is missing. @param {string} bits hexadecimal digits */
export const holeOf = (bits) =>
  Uint8Array.from({ length: PIXELS }, (_, k) => (Number.parseInt(bits[k >> 2], 16) >> (3 - (k % 4))) & 1);

/** @param {Uint8Array} hole */
export const textOf = (hole) =>
  Array.from({ length: PIXELS / 4 }, (_, n) =>
    hole
      .subarray(4 * n, 4 * n + 4)
      .reduce((sum, bit) => 2 * sum + bit, 0)
      .toString(16),
  ).join("");

/** A picture's bytes as base64. @param {Uint8Array} picture */
export const packed = (picture) => btoa(String.fromCharCode(...picture));

/** How much of each pixel a dab of the brush covers, 0 to 1: its rim is soft.
 * @param {readonly [number, number]} at in pixels @param {number} radius @returns {[place: number, share: number][]} */
export function dab([x, y], radius) {
  const all = Array.from({ length: PIXELS }, (_, k) => {
    const away = Math.hypot((k % SIDE) + 0.5 - x, Math.floor(k / SIDE) + 0.5 - y);
    return /** @type {[number, number]} */ ([k, Math.min(1, Math.max(0, radius + 0.5 - away))]);
  });
  return all.filter(([, share]) => share > 0);
}

/** The places on the way from one to another, less than half a pixel apart, without the first.
 * @param {readonly [number, number]} from @param {readonly [number, number]} to @returns {[number, number][]} */
export function between([x, y], [u, v]) {
  const count = Math.max(1, Math.ceil(2 * Math.hypot(u - x, v - y)));
  return Array.from({ length: count }, (_, k) => [x + ((u - x) * (k + 1)) / count, y + ((v - y) * (k + 1)) / count]);
}

/** A hole with a dab cut out, or, off, filled again: of pixels that it covers by half.
 * @param {Uint8Array} hole @param {ReturnType<typeof dab>} places @param {boolean} off */
export function cut(hole, places, off) {
  const made = hole.slice();
  for (const [k, share] of places) if (share >= 0.5) made[k] = off ? 0 : 1;
  return made;
}

/** A picture with a dab of ink, or, off, without. @param {Uint8Array} picture @param {ReturnType<typeof dab>} places
 * @param {boolean} off */
export function inked(picture, places, off) {
  const made = picture.slice();
  for (const [k, share] of places) {
    const wanted = Math.round(255 * share);
    made[k] = off ? Math.min(made[k], 255 - wanted) : Math.max(made[k], wanted);
  }
  return made;
}

/** The stored hole that shares the most with a painted one: the largest intersection over union; of equals, the one
 * whose middle is nearest. @param {readonly Preset[]} presets @param {Uint8Array} painted */
export function nearestPreset(presets, painted) {
  const [x, y] = middle(painted);
  const ranked = presets.map(({ name, bits }) => {
    const hole = holeOf(bits);
    const [u, v] = middle(hole);
    return { name, shared: overlap(hole, painted), away: Math.hypot(u - x, v - y) };
  });
  ranked.sort((a, b) => b.shared - a.shared || a.away - b.away);
  return ranked[0].name;
}

/** Intersection over union. @param {Uint8Array} a @param {Uint8Array} b */
export function overlap(a, b) {
  let [both, any] = [0, 0];
  for (let k = 0; k < PIXELS; k++) {
    both += a[k] & b[k];
    any += a[k] | b[k];
  }
  return any ? both / any : 0;
}

/** @param {Uint8Array} hole @returns {[number, number]} */
function middle(hole) {
  let [x, y, count] = [0, 0, 0];
  for (let k = 0; k < PIXELS; k++) if (hole[k]) [x, y, count] = [x + (k % SIDE), y + Math.floor(k / SIDE), count + 1];
  return count ? [x / count, y / count] : [SIDE / 2, SIDE / 2];
}

/** PSNR = −10 log₁₀ mean (a − b)² in dB, of pixels as shares of 255, over those that are counted, or over all; ∞ where all
 * are alike, NaN where none is counted.
 * @param {Uint8Array} a @param {Uint8Array} b @param {Uint8Array | null} [counted] */
export function decibels(a, b, counted = null) {
  let [sum, count] = [0, 0];
  for (let k = 0; k < PIXELS; k++) {
    if (counted && !counted[k]) continue;
    sum += ((a[k] - b[k]) / 255) ** 2;
    count++;
  }
  return count ? -10 * Math.log10(sum / count) : Number.NaN;
}

/** What is left of a picture: nothing in the hole. @param {Uint8Array} real @param {Uint8Array} hole */
export const leftOf = (real, hole) => real.map((pixel, k) => (hole[k] ? 0 : pixel));
