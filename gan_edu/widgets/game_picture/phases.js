/* One step of training in eight phases, in the order of the code: what each shows, and what flows until it is there. */

/** @typedef {"z" | "real" | "fake" | "wish" | "change"} Kind of a picture */
/** @typedef {"z" | "G" | "fake" | "data" | "real" | "D" | "verdict"} Part of the drawing */
/** @typedef {{what: Kind | "marks", of?: Kind, from: Part, to: Part, at: readonly [number, number]}} Flight pictures that fly, or marks
 *   to their verdicts; at: when, as shares of the phase's time */
/** @typedef {{by: "D" | "G", way: readonly Part[], stop?: readonly [Part, Part]}} Pull a gradient on its way back; stop:
 *   between which parts it ends */
/** @typedef {{told: string, short: string, line: string, flights?: Flight[], pull?: Pull, learns?: "D" | "G"}} Phase */

export const LAST = 8;
export const PICTURED = 6; // samples that are shown, the first of a batch of 64

/** @type {readonly Phase[]} */
export const PHASES = [
  { told: "beginTold", short: "beginShort", line: "" },
  {
    ...{ told: "noiseTold", short: "noiseShort", line: "real = next(batches); z = noise(len(real))" },
    flights: [{ what: "real", from: "data", to: "real", at: [0, 1] }],
  },
  {
    ...{ told: "makesTold", short: "makesShort", line: "fake = G(z)" },
    flights: [
      { what: "z", from: "z", to: "G", at: [0, 0.55] },
      { what: "fake", from: "G", to: "fake", at: [0.45, 1] },
    ],
  },
  {
    ...{ told: "judgesTold", short: "judgesShort", line: "loss_D = loss.d(D(real), D(fake.detach()))" },
    flights: [
      { what: "fake", from: "fake", to: "D", at: [0, 0.55] },
      { what: "real", from: "real", to: "D", at: [0, 0.55] },
      { what: "marks", of: "fake", from: "D", to: "verdict", at: [0.5, 1] },
      { what: "marks", of: "real", from: "D", to: "verdict", at: [0.5, 1] },
    ],
  },
  {
    ...{ told: "pullsDTold", short: "pullsDShort", line: "opt_D.zero_grad(); loss_D.backward()" },
    pull: { by: "D", way: ["verdict", "D"], stop: ["fake", "D"] },
  },
  { told: "learnsDTold", short: "learnsDShort", line: "opt_D.step()", learns: "D" },
  {
    ...{ told: "judgesAgainTold", short: "judgesAgainShort", line: "loss_G = loss.g(D(fake))" },
    flights: [
      { what: "fake", from: "fake", to: "D", at: [0, 0.55] },
      { what: "marks", of: "fake", from: "D", to: "verdict", at: [0.5, 1] },
    ],
  },
  {
    ...{ told: "pullsGTold", short: "pullsGShort", line: "opt_G.zero_grad(); loss_G.backward()" },
    pull: { by: "G", way: ["verdict", "D", "fake", "G"] },
  },
  { told: "learnsGTold", short: "learnsGShort", line: "opt_G.step()", learns: "G" },
];

/** Which of D's verdicts are known in a phase: before D learned, after it, or when G has learned, too.
 * @param {number} phase @returns {"before" | "after" | "last" | null} */
export const judgedIn = (phase) => (phase < 3 ? null : phase < 5 ? "before" : phase < LAST ? "after" : "last");

/** What the tiles of the fakes hold in a phase. @param {number} phase @returns {"fake" | "wish" | "change"} */
export const shownAsFake = (phase) => (phase === 7 ? "wish" : phase === LAST ? "change" : "fake");

/** The phase in which pictures come to be.
 * @param {Kind} kind */
export const bornIn = (kind) => ({ z: 1, real: 1, fake: 2, wish: 7, change: LAST })[kind];

/** How far picture `k` of `count` is on a flight, from 0 to 1: each sets out a little after the one before.
 * @param {number} time share of the phase's @param {readonly [number, number]} at @param {number} k @param {number} count */
export function flown(time, [from, to], k, count) {
  const late = count > 1 ? (0.4 * k) / (count - 1) : 0;
  const share = ((time - from) / (to - from) - late) / 0.6;
  return Math.min(1, Math.max(0, share));
}
