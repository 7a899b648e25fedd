"""How a control looks, read from its page: contrast, theme, what lies outside of it."""

from helpers.lab import settle

# Each text's contrast with the ground behind it: [ratio, text].
CONTRAST = """() => {
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const parse = (colour) => {
    const c = document.createElement('canvas').getContext('2d');
    c.fillStyle = colour;
    c.fillRect(0, 0, 1, 1);
    return [...c.getImageData(0, 0, 1, 1).data];
  };
  const ground = (node) => {
    for (; node; node = node.parentNode || node.host) {
      if (!(node instanceof Element)) continue;
      const c = parse(getComputedStyle(node).backgroundColor);
      if (c[3] > 250) return c;
    }
    return [255, 255, 255];
  };
  const out = [];
  for (const node of root().querySelectorAll('*')) {
    if (node.localName === 'style' || ![...node.childNodes].some((c) => c.nodeType === 3 && c.data.trim())) continue;
    if (!node.getClientRects().length || node.closest('.live')) continue;
    const style = getComputedStyle(node), ink = parse(node instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [luminance(ink), luminance(ground(node))];
    out.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), node.textContent.slice(0, 30)]);
  }
  return out;
}"""

# What sticks out of the control at its sides, by name and class.
OUTSIDE = """() => { const box = root().querySelector('.replay').getBoundingClientRect();
  return [...root().querySelectorAll('.replay *')].filter((n) => !n.closest('.live') && n.getClientRects().length)
    .filter((n) => { const r = n.getBoundingClientRect(); return r.right > box.right + 1 || r.left < box.left - 1; })
    .map((n) => n.localName + '.' + (n.getAttribute('class') || '')); }"""


NARROW = {"color_scheme": "dark", "viewport": {"width": 320, "height": 900}}  # how a page for `looks` is opened


def looks(page, widths):
    """The page at each width in each of the system's schemes, once it has drawn itself so: (width, scheme)."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            settle(settle(page))  # it measures itself anew, and then draws
            yield width, scheme


THEMES = [  # (what the host says, the system's scheme, what is right)
    ("document.body.dataset.jpThemeLight = 'false'", "light", "dark"),
    ("document.body.dataset.jpThemeLight = 'true'", "dark", "light"),
    ("delete document.body.dataset.jpThemeLight", "dark", "dark"),
    ("document.body.className = 'vscode-light'", "dark", "light"),
    ("document.body.className = 'vscode-dark'", "light", "dark"),
    ("document.body.className = ''", "light", "light"),
    ("document.documentElement.setAttribute('theme', 'dark')", "light", "dark"),
]


def follows_the_theme(page, view=".replay"):
    """It turns dark and light with each host that says so."""
    for change, scheme, theme in THEMES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(change)
        page.wait_for_function(
            "([view, theme]) => root().querySelector(view).dataset.theme === theme", arg=[view, theme]
        )
