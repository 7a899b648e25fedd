/* The ways between the parts of the drawing, on whatever side of each other they stand. */

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
/** @typedef {readonly [number, number]} Point */

/** @param {Box} box @returns {Point} */
export const middle = ({ left, top, right, bottom }) => [(left + right) / 2, (top + bottom) / 2];

/** The two ends of a straight way between boxes that lie beside or above each other; the smaller box says where.
 * @param {Box} a @param {Box} b @param {number} [aside] moved to its right, seen along the way, by so many pixels
 * @returns {[Point, Point]} */
export function between(a, b, aside = 0) {
  const across = a.right <= b.left || b.right <= a.left;
  const [low, high] = across ? /** @type {const} */ (["top", "bottom"]) : /** @type {const} */ (["left", "right"]);
  const at = (Math.max(a[low], b[low]) + Math.min(a[high], b[high])) / 2;
  if (across) {
    const right = a.right <= b.left;
    const y = at + (right ? aside : -aside);
    return right ? both([a.right, y], [b.left, y]) : both([a.left, y], [b.right, y]);
  }
  const down = a.bottom <= b.top;
  const x = at + (down ? -aside : aside);
  return down ? both([x, a.bottom], [x, b.top]) : both([x, a.top], [x, b.bottom]);
}

/** @param {Point} a @param {Point} b @returns {[Point, Point]} */
const both = (a, b) => [a, b];

/** A place on a way of straight pieces, by the share of its length.
 * @param {readonly Point[]} points @param {number} share @returns {Point} */
export function along(points, share) {
  const lengths = points.slice(1).map(([x, y], k) => Math.hypot(x - points[k][0], y - points[k][1]));
  let rest = share * lengths.reduce((a, b) => a + b, 0);
  for (const [k, length] of lengths.entries()) {
    if (rest <= length || k === lengths.length - 1) return mixed(points[k], points[k + 1], length ? rest / length : 0);
    rest -= length;
  }
  return points[0];
}

/** @param {Point} a @param {Point} b @param {number} share @returns {Point} */
export const mixed = ([x, y], [u, v], share) => [x + share * (u - x), y + share * (v - y)];
