/* What a control says, in the language that its catalogue is written in; numbers follow that language.
 *
 * A catalogue is one table of texts: the kit's and the control's, as Python put them together (core.notebook.words).
 * A text
 * may have {places} for values, and be one of several by the number `count`: {"one": …, "other": …}. A page speaks one
 * language: the one of the control that was built last.
 */

/** @typedef {string | Record<string, string>} Text one for all numbers, or one for each plural category */
/** @typedef {{lang?: string} & Record<string, Text>} Catalogue */

/** @type {Catalogue} */
const known = {};
let lang = "en";
let plurals = new Intl.PluralRules(lang);
/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** Learns the words of a control, and the language they are in.
 * @param {Catalogue | undefined} catalogue */
export function speak(catalogue) {
  const { lang: spoken = "en", ...texts } = catalogue ?? {};
  Object.assign(known, texts);
  if (spoken === lang) return;
  lang = /** @type {string} */ (spoken);
  plurals = new Intl.PluralRules(lang);
  formats.clear();
}

/** The text of a key; numbers among the values are written as whole ones. A key without a text stands for itself, so
 * that it is seen.
 * @param {string} key @param {Record<string, string | number>} [values] */
export function say(key, values = {}) {
  const text = known[key] ?? key;
  const chosen = typeof text === "string" ? text : (text[plurals.select(Number(values.count))] ?? text.other);
  return chosen.replace(/\{(\w+)\}/g, (place, name) => (name in values ? written(values[name]) : place));
}

/** @param {string | number} value */
const written = (value) => (typeof value === "number" ? numeral(value, 0, true) : value);

/** A number with so many digits after the point, in the language of the page.
 * @param {number} x @param {number} digits @param {boolean} [grouped] thousands set apart */
export function numeral(x, digits, grouped = false) {
  const key = `${digits} ${grouped}`;
  let format = formats.get(key);
  if (!format) {
    const count = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    format = new Intl.NumberFormat(lang, { ...count, useGrouping: grouped });
    formats.set(key, format);
  }
  return format.format(x === 0 ? 0 : x).replace("-", "−");
}
