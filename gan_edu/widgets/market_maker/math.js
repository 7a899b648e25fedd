/* Prices, their quantiles, what sizes remember, a histogram: of lists of log-returns. */

import { quantileSorted } from "d3-array";

export const LAGS = 60; // that are shown
export const NEAR = 20; // lags whose mean is one number
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

/** @param {readonly number[]} list */
const mean = (list) => list.reduce((sum, each) => sum + each, 0) / list.length;

/** exp Σ r: prices each evening, 1 before the first day. @param {readonly number[]} returns */
export function prices(returns) {
  let sum = 0;
  const all = [1];
  for (const r of returns) {
    sum += r;
    all.push(Math.exp(sum));
  }
  return all;
}

/** Below what 5, 25, 50, 75 and 95 % of the prices lie, each evening. @param {readonly (readonly number[])[]} paths of returns
 * @returns {number[][]} by share */
export function fan(paths) {
  const all = paths.map(prices);
  const evenings = all[0].map((_, day) => all.map((path) => path[day]).sort((a, b) => a - b));
  return SHARES.map((share) => evenings.map((sorted) => Number(quantileSorted(sorted, share))));
}

/** Σ (x_t − μ)(x_(t+k) − μ) / Σ (x_t − μ)² of lags 1 … `lags`. @param {readonly number[]} x @param {number} lags */
export function autocorrelation(x, lags) {
  const middle = mean(x);
  const off = x.map((each) => each - middle);
  const whole = off.reduce((sum, each) => sum + each * each, 0);
  return Array.from({ length: lags }, (_, lag) => {
    let sum = 0;
    for (let t = lag + 1; t < off.length; t++) sum += off[t] * off[t - lag - 1];
    return sum / whole;
  });
}

/** What sizes |r| remember, lag by lag. @param {readonly number[]} returns @param {number} [lags] */
export const memory = (returns, lags = LAGS) => autocorrelation(returns.map(Math.abs), lags);

/** The mean of it over lags 1 … 20: large where sizes come in clusters. @param {readonly number[]} returns */
export const clustering = (returns) => mean(memory(returns, NEAR));

/** How many values lie in each of so many equal parts of [−reach, reach], the last one closed.
 * @param {readonly number[]} values @param {number} reach @param {number} count */
export function histogram(values, reach, count) {
  const bins = Array.from({ length: count }, () => 0);
  for (const x of values) bins[Math.min(count - 1, Math.max(0, Math.floor(((x + reach) / (2 * reach)) * count)))] += 1;
  return bins;
}

/** The largest size. @param {readonly number[]} returns */
export const reachOf = (returns) => returns.reduce((most, r) => Math.max(most, Math.abs(r)), 0);

/** The mean size of each of so many parts of a path, one after the other.
 * @param {readonly number[]} returns @param {number} count */
export const sizes = (returns, count) =>
  Array.from({ length: count }, (_, k) => {
    const [from, to] = [k, k + 1].map((each) => Math.round((each * returns.length) / count));
    return mean(returns.slice(from, to).map(Math.abs));
  });
