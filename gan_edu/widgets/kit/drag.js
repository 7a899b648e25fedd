/* Pointers that hold something: mouse, pen or finger. */

/** @typedef {object} Moves
 * @property {(event: PointerEvent) => void} move
 * @property {(event: PointerEvent) => void} [start]
 * @property {() => void} [end]
 */

/** Follows a pointer that holds a node, until it lets go. While it holds it the node has the class `held`; of two nodes,
 * one in the other, the inner one is held. The node has the focus, which `start` may hand on.
 * @param {HTMLElement | SVGElement} node @param {Moves} moves */
export function dragged(node, { move, start = () => {}, end = () => {} }) {
  let held = false;
  /** @param {boolean} now */
  const hold = (now) => {
    held = now;
    node.classList.toggle("held", now);
  };
  const take = (/** @type {PointerEvent} */ event) => {
    if (event.button || event.defaultPrevented) return;
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    hold(true);
    start(event);
  };
  const release = () => {
    if (!held) return;
    hold(false);
    end();
  };
  const listener = /** @type {(event: any) => void} */ (take);
  node.addEventListener("pointerdown", listener);
  node.addEventListener("pointermove", (event) => held && move(/** @type {PointerEvent} */ (event)));
  node.addEventListener("pointerup", release);
  node.addEventListener("pointercancel", release);
  node.addEventListener("lostpointercapture", release); // also where a box around it has taken the pointer over
}

/** Where in a box a pointer is: each of 0 (left, top) to 1 (right, bottom), and beyond where it is outside.
 * @param {PointerEvent} event @param {Element} box @returns {[number, number]} */
export function shareOf(event, box) {
  const { left, top, width, height } = box.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height];
}
