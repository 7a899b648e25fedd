/* Marks in a text, as core/notebook/marked.py has them: $…$ is a formula, `…` code, *…* stressed. No page is needed. */

import known from "../../core/notebook/tex.json" with { type: "json" };

/** @typedef {{kind: "plain" | "formula" | "code" | "stressed", text: string}} Part */
/** @typedef {{text: string, slanted: boolean} | {raised: boolean, inside: Run[]}} Run a sign, or what is raised or
 *   lowered; names and letters beside each other stand upright */

const MARK = /\$([^$]+)\$|`([^`]+)`|\*([^*\s](?:[^*]*[^*\s])?)\*/;
const KINDS = /** @type {const} */ (["plain", "formula", "code", "stressed"]);
const TOKEN = /\\([A-Za-z]+|,)(?: (?=[A-Za-z\\]))?|./gu;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SIGNS = /** @type {Record<string, string>} */ (known.signs);

/** The pieces of a text. @param {string} text @returns {Part[]} */
export function parts(text) {
  return text
    .split(MARK)
    .map((piece, k) => ({ kind: KINDS[k % 4], text: piece ?? "" }))
    .filter((part) => part.text);
}

/** A formula as runs of signs. @param {string} formula @returns {Run[]} */
export function runs(formula) {
  const tokens = [...formula.replaceAll("\\tfrac12", "½").replaceAll("-", "−").matchAll(TOKEN)];
  return row(
    tokens.map(([whole, name]) => ({ name, sign: name === undefined ? whole : "" })),
    false,
  );
}

/** @typedef {{name?: string, sign: string}} Token a command's name, or one sign */

/** What stands before a closing brace. @param {Token[]} tokens are taken from it @param {boolean} upright */
function row(tokens, upright) {
  /** @type {Run[]} */
  const found = [];
  while (tokens.length && tokens[0].sign !== "}") found.push(...one(tokens, upright));
  tokens.shift();
  return found;
}

/** The next thing. @param {Token[]} tokens @param {boolean} upright @returns {Run[]} */
function one(tokens, upright) {
  const { name, sign } = /** @type {Token} */ (tokens.shift());
  if (name !== undefined) return named(name, tokens);
  if (sign === "{") return row(tokens, upright);
  if (sign === "^" || sign === "_") return [{ raised: sign === "^", inside: script(tokens) }];
  return [{ text: sign, slanted: !upright && /\p{L}/u.test(sign) }];
}

/** @param {string} name of a command @param {Token[]} tokens what follows it @returns {Run[]} */
function named(name, tokens) {
  if (name in known.alphabets) return one(tokens, true);
  if (known.names.includes(name)) {
    const next = tokens[0];
    return [
      {
        text: next && (next.name !== undefined || /[\p{L}\p{N}]/u.test(next.sign)) ? `${name} ` : name,
        slanted: false,
      },
    ];
  }
  return [{ text: SIGNS[name] ?? `\\${name}`, slanted: /\p{L}/u.test(SIGNS[name] ?? "") }];
}

/** What is raised or lowered: one thing; letters in braces are a word. @param {Token[]} tokens @returns {Run[]} */
function script(tokens) {
  if (tokens[0]?.sign !== "{") return tokens.length ? one(tokens, false) : [];
  tokens.shift();
  const end = tokens.findIndex(({ sign }) => sign === "}");
  const word = end > 1 && tokens.slice(0, end).every(({ sign }) => /^\p{L}$/u.test(sign));
  return row(tokens, word);
}

/** A formula in signs, for who has it read out: as Python's in_signs. @param {readonly Run[]} all @returns {string} */
export function inSigns(all) {
  return all.map((run) => ("text" in run ? run.text : moved(run.raised, inSigns(run.inside)))).join("");
}

/** @param {boolean} raised @param {string} text */
function moved(raised, text) {
  if (raised && /^\d+$/.test(text)) return [...text].map((digit) => RAISED[+digit]).join("");
  return (raised ? "^" : "_") + text;
}
