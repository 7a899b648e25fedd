/* What was answered: of each question the places that were pressed, in their order. The first is what counts. */

/** @typedef {{key: string, asks: string, right: number, answers: {says: string, why: string}[]}} Question */
/** @typedef {Record<string, number[]>} Given by the questions' keys */

/** The places pressed so far. @param {Given} given @param {string} key @returns {number[]} */
export const pressed = (given, key) => given[key] ?? [];

/** What was answered once a place was pressed: pressed again, it stays where it was.
 * @param {Given} given @param {string} key @param {number} place @returns {Given} */
export const after = (given, key, place) => ({ ...given, [key]: [...new Set([...pressed(given, key), place])] });

/** Whether these may be places of a question. @param {unknown} places @param {Question} question */
export const fits = (places, { answers }) =>
  Array.isArray(places) &&
  new Set(places).size === places.length &&
  places.every((place) => Number.isInteger(place) && place >= 0 && place < answers.length);

/** How a question stands. @param {Given} given @param {Question} question @returns {"open" | "right" | "wrong"} */
export function state(given, { key, right }) {
  const [first] = pressed(given, key);
  return first === undefined ? "open" : first === right ? "right" : "wrong";
}

/** How many are answered, and how many of these rightly at the first go.
 * @param {Given} given @param {readonly Question[]} questions */
export function count(given, questions) {
  const states = questions.map((question) => state(given, question));
  return {
    done: states.filter((each) => each !== "open").length,
    right: states.filter((each) => each === "right").length,
  };
}
