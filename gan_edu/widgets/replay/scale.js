/* The slider goes by frame; early frames stand closer together in training, so a scale says where epochs fall. */

import { epochText, nearest, whole } from "../kit/numbers.js";

const THUMB = 16; // pixels of the slider
/** What is marked where there is room, the first before the others. */
const LANDMARKS = [1, 10, 100, 1000, 10000, 1e5, 3, 30, 300, 3000, 5, 50, 500, 2, 20, 200];

/** The marks of the scale that have room beside each other, the ends first.
 * @param {readonly number[]} steps of the frames @param {number | null} perEpoch steps
 * @param {number} width of the slider in pixels
 * @returns {{text: string, x: number}[]} x: in pixels */
export function scaleMarks(steps, perEpoch, width) {
  const last = steps.length - 1;
  if (!last) return [];
  const per = perEpoch || 1;
  const end = steps[last] / per;
  const marks = [0, end, ...LANDMARKS.filter((value) => value < end)].map((value, k) => {
    const text = (k < 2 && !perEpoch) || +value.toFixed(2) >= 1000 ? whole(value) : epochText(value);
    const x = THUMB / 2 + (nearest(steps, value * per) / last) * (width - THUMB);
    return { text, x, half: text.length * 3.5 + 5 };
  });
  /** @type {typeof marks} */
  const taken = [];
  for (const mark of marks)
    if (taken.every(({ x, half }) => Math.abs(x - mark.x) >= half + mark.half)) taken.push(mark);
  return taken;
}
