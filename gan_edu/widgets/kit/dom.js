/* Elements, signs and texts: what every control builds with. User text is text, never HTML. */

import { noNumber } from "./numbers.js";

/** @typedef {Record<string, string | number | null | undefined>} Attributes null and undefined: left out */

/** An element with its attributes and children; strings become text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]} */
export const make = (tag, attributes = {}, ...children) =>
  /** @type {any} */ (filled(document.createElement(tag), attributes, children));

/** The same in SVG.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 * @returns {SVGElementTagNameMap[K]} */
export const draw = (tag, attributes = {}, ...children) =>
  /** @type {any} */ (filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children));

/** @param {Element} node @param {Attributes} attributes @param {(Node | string)[]} children */
function filled(node, attributes, children) {
  set(node, attributes);
  node.append(...children);
  return node;
}

/** Gives a node attributes; what is null or undefined is taken from it.
 * @param {Element} node @param {Attributes} attributes */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes))
    if (value === null || value === undefined) node.removeAttribute(name);
    else node.setAttribute(name, String(value));
}

/** Puts a text where another may stand; what is no number looks so.
 * @param {Element} node @param {string} text */
export function put(node, text) {
  if (node.textContent === text) return;
  node.textContent = text;
  node.classList.toggle("lost", text.includes(noNumber()));
}

/** A text with *strong* parts, as nodes.
 * @param {string} text */
export const rich = (text) => text.split("*").map((part, k) => (k % 2 ? make("b", {}, part) : part));

/** A text cut at its subscripts: what comes before, a letter, its subscript, and so on. A name in code, `full_like`, has
 * none. @param {string} text */
const cut = (text) => text.split(/\b([A-Za-z])_(\w+)/);

/** A text with subscripts, p_data, as nodes.
 * @param {string} text */
export const lowered = (text) => cut(text).map((part, k) => (k % 3 === 2 ? make("sub", {}, part) : part));

/** The same in SVG. @param {string} text */
export const loweredInSvg = (text) =>
  cut(text).map((part, k) => draw("tspan", [{ dy: k && -3 }, {}, { dy: 3, class: "sub" }][k % 3], part));

/** What is moved on the page, by shares of the box that it stands in.
 * @param {HTMLElement} node @param {number} x from the left @param {number} y from the top */
export function placeAt(node, x, y) {
  node.style.left = `${100 * x}%`;
  node.style.top = `${100 * y}%`;
}

export const ICONS = {
  play: "M4 2.5v11l9.5-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  back: "M12 3v10L5.5 8zM3.5 3h1.7v10H3.5z",
  on: "M4 3v10l6.5-5zM10.8 3h1.7v10h-1.7z",
  loop:
    "M11 2l3 2.7-3 2.7V5.5H6A2.5 2.5 0 0 0 3.5 8v.5H2V8a4 4 0 0 1 4-4h5z" +
    "M5 14l-3-2.7L5 8.6v1.9h5A2.5 2.5 0 0 0 12.5 8v-.5H14V8a4 4 0 0 1-4 4H5z",
};

/** @param {keyof typeof ICONS} name */
export const icon = (name) =>
  draw("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "icon" }, draw("path", { d: ICONS[name] }));

const SIGNS = {
  d: () => draw("path", { d: "M1 5h16", class: "line" }),
  g: () => draw("path", { d: "M1 5h16", class: "line", "stroke-dasharray": "4 2" }),
  dots: () => draw("path", { d: "M1 5h16", class: "line", "stroke-dasharray": "0 4.2", "stroke-linecap": "round" }),
  real: () => draw("circle", { cx: 9, cy: 5, r: 4 }),
  fake: () => draw("path", { d: "M9 .8 13.6 9H4.4z" }),
  "box-real": () => draw("rect", { x: 2, y: -1, width: 13, height: 12, class: "line" }),
  "box-fake": () => draw("rect", { x: 2, y: -1, width: 13, height: 12, class: "line", "stroke-dasharray": "3.25 2" }),
};

/** The little sign that stands for a series, in the numbers and in the legends.
 * @param {keyof typeof SIGNS} kind @param {string} [classes] in whose colour it is */
export const sign = (kind, classes = kind) =>
  draw("svg", { viewBox: "0 0 18 10", "aria-hidden": "true", class: `sign ${classes}` }, SIGNS[kind]());

/** Numbers as bytes, out of a kernel's view of them or of a page's base64.
 * @param {string | ArrayBuffer | ArrayBufferView} source @returns {ArrayBuffer} */
export function bytesOf(source) {
  if (typeof source === "string") return Uint8Array.from(atob(source), (c) => c.charCodeAt(0)).buffer;
  if (source instanceof ArrayBuffer) return source;
  const { buffer, byteOffset, byteLength } = source;
  return /** @type {ArrayBuffer} */ (buffer.slice(byteOffset, byteOffset + byteLength));
}
