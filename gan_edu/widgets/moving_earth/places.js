/* Where something finds room in a picture: boxes in pixels, and which of some is clear of what is there already. */

/** @typedef {{left: number, right: number, top: number, bottom: number}} Box in pixels */

const [LETTER, WIDE_LETTER] = [6.1, 11.2]; // pixels of a letter in a plot; of one of Chinese
const [ABOVE, BELOW] = [10, 3]; // of a line of text, from where it stands
const CLEAR = 3; // pixels between two that are apart

/** @param {readonly [number, number]} middle @param {number} half of its sides @returns {Box} */
export const around = ([x, y], half) => ({ left: x - half, right: x + half, top: y - half, bottom: y + half });

/** Pixels between two boxes; 0 where they meet. @param {Box} a @param {Box} b */
function gap(a, b) {
  const across = Math.max(a.left - b.right, b.left - a.right, 0);
  return Math.hypot(across, Math.max(a.top - b.bottom, b.top - a.bottom, 0));
}

/** The first of some places that is clear of what is there, or the one that is farthest from it.
 * @template {{box: Box}} P @param {readonly P[]} places @param {readonly Box[]} there @param {number} [clear] @returns {P} */
export function freest(places, there, clear = CLEAR) {
  const room = places.map(({ box }) => there.reduce((least, each) => Math.min(least, gap(box, each)), clear));
  return places[room.indexOf(Math.max(...room))];
}

/** @typedef {{x: number, y: number, anchor: string, box: Box}} Spot of a text: where it begins, ends or has its middle */

/** Words in a row, at one end, in its middle or at the other end. @param {string} words @param {number} y where they stand
 * @param {readonly string[]} anchors in this order @param {readonly [number, number]} ends of the row @returns {Spot[]} */
export function spotsOf(words, y, anchors, [left, right]) {
  const wide = [...words].reduce((sum, letter) => sum + (letter > "⺀" ? WIDE_LETTER : LETTER), 0);
  const starts = new Map([
    ["start", left],
    ["middle", (left + right - wide) / 2],
    ["end", right - wide],
  ]);
  return anchors.map((anchor) => {
    const start = starts.get(anchor) ?? left;
    const x = start + ({ middle: wide / 2, end: wide }[anchor] ?? 0);
    return { x, y, anchor, box: { left: start, right: start + wide, top: y - ABOVE, bottom: y + BELOW } };
  });
}
