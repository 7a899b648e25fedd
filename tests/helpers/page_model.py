"""What stands for a notebook on a blank page, in JavaScript: a model of a control's traits, and the keys it got."""

MODEL = """
const unpacked = (value) => {
  if (Array.isArray(value)) return value.map(unpacked);
  if (value === null || typeof value !== "object") return value;
  if (value.bytes) return new DataView(Uint8Array.from(atob(value.bytes), (c) => c.charCodeAt(0)).buffer);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, unpacked(v)]));
};
window.Model = class {
  constructor(values) { this.values = values; this.listeners = {}; this.saved = []; this.changed = {}; }
  get(name) { return this.values[name]; }
  set(name, value) {
    if (this.values[name] === value) return;
    [this.values[name], this.changed[name]] = [value, value];
    (this.listeners["change:" + name] || []).slice().forEach((listener) => listener());
  }
  save_changes() { this.saved.push(this.changed); this.changed = {}; }
  on(name, listener) { (this.listeners[name] ||= []).push(listener); }
  off(name, listener) { this.listeners[name] = this.listeners[name].filter((l) => l !== listener); }
};
window.root = () => [...document.querySelectorAll("#box *")].find((node) => node.shadowRoot).shadowRoot;
window.keys_out = [];
document.addEventListener("keydown", (event) => keys_out.push(event.key));
"""
