/* Where things stand in a chart: what its axis holds, and where words and letters have room. */

const ROOM = 0.06; // of the axis, above and below
const FAR = 30; // pixels from all curves: more is no better
const APART = 12; // pixels between two letters

/** What the axis of values shows: all, with 0, as far as a bound; and whether that cuts some off.
 * @param {number[]} values finite @param {number} bound */
export function axisRange(values, bound) {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const [low, high] = [Math.max(least, -bound), Math.min(most, bound)];
  const room = ROOM * (high - low || 1);
  return { low: low - room, high: high + room, cut: least < -bound || most > bound };
}

/** Ascending whole numbers as stretches without a gap, each [first, last].
 * @param {number[]} numbers */
export function stretches(numbers) {
  /** @type {[number, number][]} */
  const found = [];
  for (const i of numbers) {
    const last = found[found.length - 1];
    if (last && last[1] === i - 1) last[1] = i;
    else found.push([i, i]);
  }
  return found;
}

/** Of a few heights for a line of words the one farthest from all curves there, the first where several are.
 * @param {number[]} heights @param {number[]} curves their heights there */
export function freest(heights, curves) {
  const free = (/** @type {number} */ y) => Math.min(FAR, ...curves.map((each) => Math.abs(each - y + 4)));
  return heights.reduce((best, y) => (free(y) > free(best) ? y : best));
}

/** Letters that would overlap move apart, down, and up again from the bottom.
 * @param {number[]} heights @param {number} bottom @returns {number[]} in the same order */
export function apart(heights, bottom) {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]);
  const found = [...heights];
  for (const [place, i] of order.entries()) if (place) found[i] = Math.max(found[i], found[order[place - 1]] + APART);
  let below = bottom + APART;
  for (const i of order.reverse()) {
    found[i] = Math.min(found[i], below - APART);
    below = found[i];
  }
  return found;
}
