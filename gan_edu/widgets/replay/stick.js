/* The slider stays in sight while one scrolls, also where CSS cannot do it: JupyterLab puts each output into boxes that
 * scroll for themselves, as high as what is in them, and what is sticky sticks to these.
 */

/** Follows scrolling; returns what ends it.
 * @param {HTMLElement} host in the page @param {HTMLElement} node that is sticky @param {HTMLElement} around it */
export function stick(host, node, around) {
  let shift = 0; // pixels by which it is moved down now
  const follow = (/** @type {Event} */ { target }) => {
    const scrolled = target instanceof Element ? target : document.documentElement;
    if (!scrolled.contains(host)) return;
    const top = target instanceof Element ? Math.max(0, scrolled.getBoundingClientRect().top) : 0;
    const { top: at, height } = node.getBoundingClientRect();
    const room = around.getBoundingClientRect().bottom - height - (at - shift);
    const sticky = getComputedStyle(node).position === "sticky";
    const wanted = sticky ? Math.max(0, Math.min(room, top - (at - shift))) : 0;
    if (wanted === shift) return;
    shift = wanted;
    node.style.transform = shift ? `translateY(${shift}px)` : "";
  };
  window.addEventListener("scroll", follow, { capture: true, passive: true });
  return () => window.removeEventListener("scroll", follow, { capture: true });
}
