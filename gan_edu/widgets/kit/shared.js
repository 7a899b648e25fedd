/* A page's settings as a short text that stands in its address, `d=0.5&order=alternating`: only what differs from the
 * page's own state. A link can hold anything: what a control's rules do not allow is left out, numbers are clamped. */

import { clamp } from "./numbers.js";

/** @typedef {{of: unknown[], most?: number} | {least: number, most: number, whole: boolean, empty: boolean}} Rule as kit/shared.py makes
 *   them */
/** @typedef {Record<string, Rule>} Rules */
/** @typedef {Record<string, unknown>} Values */

const LONGEST = 1000; // characters of a text that is looked at
const NONE = "none";
const AT_REST = 200; // ms without a change

/** What of the values is not as usual, as a text.
 * @param {Values} values @param {Values} usual */
export function textOf(values, usual) {
  const told = (/** @type {Values} */ from, /** @type {string} */ name) => [from[name]].flat().map(written).join(",");
  const other = Object.keys(usual).filter((name) => told(values, name) !== told(usual, name));
  return other.map((name) => `${name}=${told(values, name)}`).join("&");
}

/** What a text sets, and the usual value of all else.
 * @param {string} text @param {Values} usual @param {Rules} rules @returns {Values} */
export function valuesOf(text, usual, rules) {
  const values = { ...usual };
  if (text.length > LONGEST) return values;
  for (const part of text.split("&")) {
    const [name, told] = part.split("=");
    if (told === undefined || !Object.hasOwn(usual, name)) continue;
    const value = allowed(told, usual[name], rules[name]);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** @param {unknown} value */
function written(value) {
  if (value === null) return NONE;
  return typeof value === "number" ? String(+value.toPrecision(4)) : encodeURIComponent(String(value));
}

/** The value that a text tells, undefined where the rule does not allow it: a list where the usual value is one.
 * @param {string} told @param {unknown} usual @param {Rule} rule */
function allowed(told, usual, rule) {
  if (!Array.isArray(usual)) return one(told, rule);
  const list = told === "" ? [] : told.split(",").map((each) => one(each, rule));
  if (list.includes(undefined)) return undefined;
  if ("of" in rule) return [...new Set(list)].slice(0, rule.most ?? list.length);
  return list.length === usual.length ? list : undefined; // two numbers stay two
}

/** @param {string} told @param {Rule} rule */
function one(told, rule) {
  if ("of" in rule) return rule.of.find((value) => written(value) === told);
  if (told === NONE) return rule.empty ? null : undefined;
  const number = told.trim() === "" ? Number.NaN : Number(told);
  if (Number.isNaN(number)) return undefined;
  return clamp(rule.whole ? Math.round(number) : number, rule.least, rule.most);
}

/** Keeps a store's settings in the address of its page, or, in a frame, tells them to the page around it, which has one.
 * @param {import("./store.js").Store} store @param {Rules} rules of what the store holds */
export function share(store, rules) {
  const names = Object.keys(rules).filter((name) => store.get(name) !== undefined);
  const now = () => Object.fromEntries(names.map((name) => [name, store.get(name)]));
  const [usual, address] = [now(), parent === window ? ownAddress() : addressAround()];
  let [told, timer] = ["", 0];
  const tell = () => {
    const text = textOf(now(), usual);
    if (text !== told) address.put(text);
    told = text;
  };
  store.on(() => {
    clearTimeout(timer);
    timer = window.setTimeout(tell, AT_REST); // browsers refuse an address that changes with each frame
  });
  address.hear((text) => store.set(valuesOf(text, usual, rules)));
}

/** @typedef {{put(text: string): void, hear(set: (text: string) => void): void}} Address */

/** @returns {Address} */
function ownAddress() {
  const text = () => location.hash.slice(1);
  return {
    put: (text) => history.replaceState(null, "", location.href.split("#")[0] + (text && `#${text}`)),
    hear(set) {
      addEventListener("hashchange", () => set(text()));
      set(text());
    },
  };
}

/** Of the page around a frame: it answers with what its address holds for this control, once it hears of it.
 * @returns {Address} */
function addressAround() {
  const put = (/** @type {string} */ setting) => parent.postMessage({ setting }, "*");
  return {
    put,
    hear(set) {
      addEventListener("message", ({ source, data }) => {
        if (source === parent && typeof data?.setting === "string") set(data.setting);
      });
      put("");
    },
  };
}
