/* Ciphers over 27 symbols, a–z and the space, as core.data.ciphers has them: a text is a list of numbers 0 to 26. */

export const ALPHABET = "abcdefghijklmnopqrstuvwxyz ";
export const SYMBOLS = ALPHABET.length;
const DROPPED = /['’]|[\u0300-\u036f]/g; // apostrophes, and accents once they stand alone
/** Letters that no accent makes: as one writes them where only a–z are at hand. @type {Record<string, string>} */
const WRITTEN = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ð: "d", đ: "d", þ: "th", ł: "l", ħ: "h", ŧ: "t", ı: "i" };
const SPECIAL = new RegExp(`[${Object.keys(WRITTEN).join("")}]`, "g");

/** Lower case, without accents and apostrophes, ß as ss. @param {string} text */
const plainOf = (text) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(DROPPED, "")
    .replace(SPECIAL, (letter) => WRITTEN[letter]);

/** The symbols of a text: lower case, without accents and apostrophes; whatever else is there is a space. Several spaces
 * become one, those at the ends go. @param {string} text */
export function letters(text) {
  const plain = plainOf(text).replace(/[^a-z]+/g, " ");
  return [...plain.trim()].map((letter) => ALPHABET.indexOf(letter));
}

/** @param {readonly number[]} text */
export const spelled = (text) => text.map((symbol) => ALPHABET[symbol]).join("");

/** A symbol of a cipher text as one sees it. @param {number} symbol */
export const sealed = (symbol) => (symbol === SYMBOLS - 1 ? "␣" : ALPHABET[symbol].toUpperCase());

/** A letter as one sees it where spaces must be seen. @param {number} symbol */
export const visible = (symbol) => (symbol === SYMBOLS - 1 ? "␣" : ALPHABET[symbol]);

/** Whether a sign is read as letters, or was meant to part some: a space, or punctuation. @param {string} sign */
export const isRead = (sign) => /^[a-z\s\p{P}]*$/u.test(plainOf(sign));

/** The key of a word: its symbols, each once, then the others, in turn from the last of these on.
 * @param {readonly number[]} word one symbol or more */
export function keywordKey(word) {
  const first = [...new Set(word)];
  const last = first[first.length - 1];
  return [...new Set([...first, ...turnFrom(last + 1)])];
}

/** All symbols, in turn from one on. @param {number} from */
const turnFrom = (from) => Array.from({ length: SYMBOLS }, (_, k) => (from + k) % SYMBOLS);

/** Any key: each permutation is as likely. @param {() => number} random in [0, 1) */
export function randomKey(random = Math.random) {
  const key = turnFrom(0);
  for (let k = SYMBOLS - 1; k > 0; k--) {
    const other = Math.floor(random() * (k + 1));
    [key[k], key[other]] = [key[other], key[k]];
  }
  return key;
}

/** What each cipher symbol stands for in a frame, the first of those that are as likely, and how surely, 0 to 1.
 * @param {Uint8Array} frame 27 × 27: row c, what c may stand for */
export function readingOf(frame) {
  const rows = Array.from({ length: SYMBOLS }, (_, c) => frame.subarray(c * SYMBOLS, (c + 1) * SYMBOLS));
  const stands = rows.map((row) => row.indexOf(Math.max(...row)));
  return { stands, sure: rows.map((row, c) => row[stands[c]] / 255) };
}

/** The likeliest symbols of a row, with their shares: at most so many, none that is 0.
 * @param {Uint8Array} row @param {number} most */
export function likeliest(row, most) {
  const all = [...row].map((value, symbol) => ({ symbol, share: value / 255 }));
  return all.sort((a, b) => b.share - a.share || a.symbol - b.symbol).filter(({ share }, k) => share > 0 && k < most);
}

/** How many symbols of a text are read rightly. @param {readonly number[]} text @param {readonly number[]} key
 * @param {readonly number[]} stands */
export const countRight = (text, key, stands) => text.filter((symbol) => stands[key[symbol]] === symbol).length;
