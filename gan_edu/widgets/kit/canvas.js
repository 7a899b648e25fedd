/* Canvases that are as sharp as the screen. */

/** A canvas at the size that it has on the page, in the screen's own pixels; null where it has none yet.
 * @param {HTMLCanvasElement} canvas */
export function sharp(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  return context && width && height ? { context, width, height, ratio } : null;
}

/** A canvas as sharp as the screen, empty, painted on in pixels of the page; null where it has no size yet.
 * @param {HTMLCanvasElement} canvas */
export function paperOf(canvas) {
  const found = sharp(canvas);
  if (!found) return null;
  const { context, width, height, ratio } = found;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.scale(ratio, ratio);
  return { context, width: width / ratio, height: height / ratio };
}

/** A picture of its own, of so many pixels, for what is painted once and shown often.
 * @param {number} width @param {number} height @returns {[HTMLCanvasElement, CanvasRenderingContext2D]} */
export function offscreen(width, height) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  return [canvas, /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"))];
}

/** Strokes a line through points, each [x, y].
 * @param {CanvasRenderingContext2D} context @param {readonly (readonly [number, number])[]} points */
export function stroke(context, points) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}
