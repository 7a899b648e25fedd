/* Keys: those of a control stay in it, and those of the notebook or the browser pass. */

/** Whether a key is somebody else's: save, run cell, the browser's own. The rest would be one of JupyterLab's shortcuts: "b"
 * inserts a cell.
 * @param {KeyboardEvent} event */
export const isForeign = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");

/** A control keeps its keys to itself.
 * @param {HTMLElement} root */
export function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (!isForeign(event)) event.stopPropagation();
  });
}

/** Acts on keys: of each key of the table, its action. What an action answers with false is left to the browser.
 * @param {HTMLElement | SVGElement} node @param {Record<string, (event: KeyboardEvent) => unknown>} actions by event.key */
export function onKeys(node, actions) {
  const pressed = (/** @type {KeyboardEvent} */ event) => {
    const act = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
    if (act && !isForeign(event) && act(event) !== false) event.preventDefault();
  };
  node.addEventListener("keydown", /** @type {(event: any) => void} */ (pressed));
}

/** Moves something with the arrow keys: `go` is told how far right and how far up, further with Shift.
 * @param {HTMLElement | SVGElement} node @param {{fine: number, coarse: number, go: (right: number, up: number) => void}} steps */
export function onArrows(node, { fine, coarse, go }) {
  const ways = /** @type {const} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] });
  const actions = Object.entries(ways).map(([key, [right, up]]) => {
    const act = (/** @type {KeyboardEvent} */ event) => {
      const by = event.shiftKey ? coarse : fine;
      go(right * by, up * by);
    };
    return [key, act];
  });
  onKeys(node, Object.fromEntries(actions));
}

/** The arrow keys lead round a row of buttons, and each that is reached is pressed.
 * @param {HTMLElement} row */
export function onRow(row) {
  const go = (/** @type {number} */ by) => (/** @type {KeyboardEvent} */ event) => {
    const all = [...row.querySelectorAll("button")];
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (at < 0) return false;
    const next = all[(at + by + all.length) % all.length];
    next.click();
    next.focus();
  };
  onKeys(row, { ArrowLeft: go(-1), ArrowUp: go(-1), ArrowRight: go(1), ArrowDown: go(1) });
}
