/* Colours and colour maps, from the one file that Python reads too. A role has one colour on light ground, one on
 * dark. */

import { scaleLinear } from "d3-scale";
import palette from "../../core/notebook/palette.json";

/** @typedef {[number, number, number]} RGB each of 0 to 255 */

const VARIABLES = /** @type {const} */ ({
  real: "real",
  fake: "fake",
  discriminator: "d",
  generator: "g",
  ink: "ink",
  soft: "soft",
  lines: "line",
  field: "field",
  edge: "edge",
  focus: "focus",
});

/** The palette as custom properties of a control's root, light and dark. */
export function paletteStyle() {
  const themes = Object.entries({ light: palette.light, dark: palette.dark });
  return themes
    .map(([theme, colours]) => `.replay[data-theme="${theme}"] { ${properties(colours)} color-scheme: ${theme} }`)
    .join("\n");
}

/** @param {typeof palette.light} colours */
function properties(colours) {
  const roles = Object.entries(VARIABLES).map(
    ([role, name]) => `--${name}: ${colours[/** @type {keyof typeof VARIABLES} */ (role)]};`,
  );
  const runs = colours.runs.map((colour, k) => `--run${k}: ${colour};`);
  return [
    ...roles,
    ...runs,
    `--card: var(--jp-layout-color1, var(--vscode-editor-background, ${colours.paper}));`,
  ].join(" ");
}

/** The colour of a role where canvases are painted.
 * @param {"real" | "fake" | "discriminator" | "generator" | "ink" | "soft" | "paper"} role @param {boolean} dark */
export const colourOf = (role, dark) => (dark ? palette.dark : palette.light)[role];

/** A colour map: of t in [0, 1] the colour, beyond it that of the nearer end.
 * @param {keyof typeof palette.maps} name @returns {(t: number) => RGB} */
export function colourMap(name) {
  const table = palette.maps[name].map(rgb);
  const stops = table.map((_, k) => k / (table.length - 1));
  const scale = scaleLinear(stops, table).interpolate(mixed).clamp(true);
  return (t) => scale(t);
}

/** @param {RGB} a @param {RGB} b @returns {(t: number) => RGB} */
function mixed(a, b) {
  return (t) => /** @type {RGB} */ (a.map((from, k) => Math.round(from + t * (b[k] - from))));
}

/** @param {string} hex @returns {RGB} */
function rgb(hex) {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
