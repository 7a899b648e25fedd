/* The table of scores as Python sent it, and what of it stands at one setting. */

/** @typedef {readonly [mean: number, least: number, largest: number]} Cell over the draws */
/** @typedef {readonly [untouched: number, unit: number, stretch: number]} Scale of a row */
/**
 * @typedef {{name: string, title: string, does: string, levels: string[], seen: {changed: number[], distinct:
 * number}[]}} Corruption
 */
/** @template T @typedef {Record<string, T[][][]>} By corruption, level, count, score */
/**
 * @typedef {{corruptions: Corruption[], counts: number[], draws: number, scores: {name: string, better: string, about: string}[], cells:
 * By<Cell | null>, marks: By<number | null>, scales: (Scale | null)[][], untouched: number, judged: {level: number,
 * count: number}, own: {names: string[], draws: number, count: number}, side: number, tile: number}} Table as arranged.py makes it
 */
/** @typedef {{corruption: string, level: number, count: number}} Setting */
/** @typedef {{scale: Scale | null, before: Cell | null, now: Cell | null, mark: number | null}} Stand of a score */

export const MARKS = ["sees it", "blind", "fooled"]; // as in arranged.py

/** Where each score stands at a setting. @param {Table} table @param {Setting} setting @returns {Stand[]} */
export function stands(table, { corruption, level, count }) {
  const n = table.counts.indexOf(count);
  const [first, now] = [0, level].map((at) => table.cells[corruption][at][n]);
  const marks = table.marks[corruption][level][n];
  return now.map((cell, s) => ({ scale: table.scales[n][s], before: first[s], now: cell, mark: marks[s] }));
}

/** Where in its row a value stands, from 0 at the left to 1; as `place` of arranged.py.
 * @param {Table} table @param {Scale} scale @param {number} value */
export const place = ({ untouched }, [from, unit, stretch], value) =>
  untouched + stretch * Math.asinh((value - from) / unit);

/** A reader's marks, without those that this table has no cell for: a browser may have kept them of another one.
 * @param {Table} table @param {Filled} filled */
export function fitting(table, filled) {
  const known = truth(table);
  const marks = Object.entries(filled).map(([corruption, found]) => {
    const kept = Object.entries(found).filter(([score, mark]) => known[corruption]?.[score] && MARKS.includes(mark));
    return /** @type {const} */ ([corruption, Object.fromEntries(kept)]);
  });
  return Object.fromEntries(marks.filter(([corruption]) => corruption in known));
}

/** @typedef {Record<string, Record<string, string>>} Filled corruption → score → mark */

/** Whether a reader has marked anything. @param {Filled} filled */
export const begun = (filled) => Object.values(filled).some((marks) => Object.keys(marks).length > 0);

/** Whether a verdict waits: the reader's table is begun, it is judged here, and this way to spoil is not checked yet.
 * @param {Table} table @param {Setting} setting @param {Filled} filled @param {Filled} checked */
export function waits({ judged }, { corruption, level, count }, filled, checked) {
  const open = Object.keys(checked[corruption] ?? {}).length > 0;
  return level === judged.level && count === judged.count && begun(filled) && !open;
}

/** How many scores say what, and how many say something. @param {Stand[]} all */
export function counted(all) {
  const of = (/** @type {number} */ mark) => all.filter((each) => each.mark === mark).length;
  const [sees, blind, fooled] = MARKS.map((_, mark) => of(mark));
  return { sees, blind, fooled, known: sees + blind + fooled };
}

/** What the table says where a reader's own is judged, by corruption and score.
 * @param {Table} table @returns {Record<string, Record<string, string>>} */
export function truth({ marks, counts, scores, judged }) {
  const n = counts.indexOf(judged.count);
  const of = (/** @type {string} */ corruption) =>
    scores.flatMap(({ name }, s) => {
      const mark = marks[corruption][judged.level][n][s];
      return mark === null ? [] : [/** @type {const} */ ([name, MARKS[mark]])];
    });
  return Object.fromEntries(Object.keys(marks).map((name) => [name, Object.fromEntries(of(name))]));
}
