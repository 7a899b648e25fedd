/* The next sensible value of a setting. */

const LEAST_RATE = 1e-6; // below it there is only 0

/** Whole numbers go by doubling, or by one where they are small; rates along 1, 2, 5, 10, …
 * @param {string} name @param {number} value @param {boolean} up */
export function nextValue(name, value, up) {
  if (name === "d_steps") return Math.max(1, value + (up ? 1 : -1));
  if (name !== "batch_size") return nextRate(value, up);
  const power = Math.log2(value);
  return Math.max(1, 2 ** (up ? Math.floor(power) + 1 : Math.ceil(power) - 1));
}

/** @param {number} value @param {boolean} up */
function nextRate(value, up) {
  if (value <= LEAST_RATE / 10) return up ? LEAST_RATE : 0;
  const power = Math.floor(Math.log10(value) + 1e-9);
  const ladder = [power - 1, power, power + 1].flatMap((p) => [1, 2, 5].map((digit) => Number(`${digit}e${p}`)));
  const near = value * (up ? 1 + 1e-6 : 1 - 1e-6);
  const next = up ? ladder.find((rate) => rate > near) : ladder.findLast((rate) => rate < near);
  return Math.min(1, next ?? value);
}
