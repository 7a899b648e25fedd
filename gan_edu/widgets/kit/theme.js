/* The host's theme: Jupyter, VS Code and Colab tell theirs; elsewhere it is the system's. */

const TOLD_BY = ["class", "theme", "data-jp-theme-light", "data-vscode-theme-kind"];

/** @param {MediaQueryList} night */
export function isDark(night) {
  const { body, documentElement: page } = document;
  const jupyter = body.dataset.jpThemeLight;
  const code = body.dataset.vscodeThemeKind || body.className;
  if (jupyter) return jupyter === "false";
  if (/vscode-(dark|high-contrast(?!-light))/.test(code)) return true;
  if (/vscode-(light|high-contrast-light)/.test(code)) return false;
  return page.getAttribute("theme") ? page.getAttribute("theme") === "dark" : night.matches;
}

/** Gives a view's root the theme of its host, now and at each change, and calls `tell` after; returns what ends it.
 * @param {HTMLElement} root @param {() => void} [tell] */
export function followTheme(root, tell = () => {}) {
  const night = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    root.dataset.theme = isDark(night) ? "dark" : "light";
    tell();
  };
  const hosts = new MutationObserver(follow);
  for (const node of [document.documentElement, document.body])
    hosts.observe(node, { attributes: true, attributeFilter: TOLD_BY });
  night.addEventListener("change", follow);
  follow();
  return () => {
    night.removeEventListener("change", follow);
    hosts.disconnect();
  };
}
