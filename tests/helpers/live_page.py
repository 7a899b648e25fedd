"""A page with the live view of a model that is fed by hand: what the kernel would send is recorded from a real run."""

import base64
import json

from gan_edu.core.notebook.words import catalogue
from gan_edu.mnist_gan import textbook, textbook_batches
from gan_edu.training_loop import train
from gan_edu.widgets.live.widget import Live
from helpers.bundles import module
from helpers.lab import settle

HARNESS = (
    f"window.words = {json.dumps(catalogue('replay', 'live', 'plane'))};"
    + """
window.bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
window.root = (k = 0) => document.querySelectorAll("#box > div")[k].firstChild.shadowRoot;
window.unpack = (whole) => ({...whole, pictures: whole.pictures.map(bytes)});
window.Model = class {
  constructor(film) { this.values = {film, words}; this.listeners = {}; this.sent = []; this.hears = true; }
  get(name) { return this.values[name]; }
  set(name, value) { this.values[name] = value; this.tell("change:" + name); }
  on(name, listener) { (this.listeners[name] ||= []).push(listener); }
  off(name, listener) { this.listeners[name] = (this.listeners[name] || []).filter((l) => l !== listener); }
  tell(name, ...more) { (this.listeners[name] || []).slice().forEach((listener) => listener(...more)); }
  save_changes() { throw new Error("a live view saves no traits"); }
  send(message) { this.sent.push(message); if (this.hears) this.deliver({heard: message.token}, []); }
  deliver(message, buffers) { this.tell("msg:custom", message, buffers.map(bytes)); }
};
window.view = () => {
  const el = document.createElement("div");
  document.getElementById("box").append(el);
  return widget.render({model, el});
};
window.open_live = (whole) => {
  window.widget = (window.live ||= window.widget)();
  window.model = new Model(unpack(whole));
  widget.initialize({model});
  window.cleanup = view();
};
window.keys_out = [];
document.addEventListener("keydown", (event) => keys_out.push(event.key));
"""
)


def packed(buffers):
    return [base64.b64encode(each).decode() for each in buffers]


def whole_of(live):
    """The trait `film`, ready for the page."""
    whole = live.whole()
    return json.loads(json.dumps({**whole, "pictures": packed(whole["pictures"])}))


def record(steps=(1, 1, 8, 10, 20, 20), **options):
    """A run of the textbook GAN: (the film when the view opens, the messages of each stretch of steps, the Live)."""
    live, sent = Live(lambda: (textbook(), textbook_batches()), train, "Textbook GAN, live", **options), []
    opening = whole_of(live)
    live.send = lambda content, buffers=None: sent.append([json.loads(json.dumps(content)), packed(buffers or [])])
    for count in steps:
        live.driver.train_for(count)
    return opening, sent, live


def page_of(new_page, whole, words=None, **context):
    """A blank page with one view of a film. words: of another language than English."""
    page = new_page(**context)
    page.set_content("<!doctype html><meta charset=utf-8><body style='margin:0'><div id=box></div></body>")
    page.add_script_tag(content=module("live") + HARNESS, type="module")
    page.wait_for_function("Boolean(window.open_live)")
    if words:
        page.evaluate("(words) => { window.words = words; }", words)
    page.evaluate("(whole) => open_live(whole)", whole)
    page.wait_for_function("root().querySelector('.message').hidden")
    return settle(page)


def deliver(page, *messages):
    """Hand the page what the kernel sends, in one go."""
    page.evaluate("(all) => all.forEach(([message, buffers]) => model.deliver(message, buffers))", list(messages))
    return settle(page)


def sent(page):
    """What the view asked for, without the tokens."""
    return page.evaluate("model.sent.map(({token, ...rest}) => rest)")
