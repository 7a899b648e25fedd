"""A real browser with the network cut off: any request that would leave the machine fails the test."""

import os
import shutil
from urllib.parse import urlsplit

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = {"", "localhost", "127.0.0.1"}  # "": file:, data: and blob: addresses

# GAN_EDU_LATE=250: pictures and what the kernel says come 250 ms late, as on a busy machine. A test that then fails
# reads the page too early: `lab.settle` waits for the picture, `expect` for what a kernel answers.
LATE = os.environ.get("GAN_EDU_LATE")
ALL_LATE = """(() => {
  const onmessage = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {...onmessage, set(hear) {
    onmessage.set.call(this, hear && ((event) => setTimeout(() => hear.call(this, event), MILLISECONDS)));
  }});
  const frame = window.requestAnimationFrame.bind(window), waiting = new Map();
  let last = 0;
  window.requestAnimationFrame = (draw) => {
    const id = ++last;
    waiting.set(id, setTimeout(() => frame((time) => { if (waiting.delete(id)) draw(time); }), MILLISECONDS));
    return id;
  };
  window.cancelAnimationFrame = (id) => { clearTimeout(waiting.get(id)); waiting.delete(id); };
})();"""


# How many pictures of a page are being decoded: `lab.settle` waits for them.
ALL_COUNTED = """(() => {
  const decode = window.createImageBitmap;
  window.decoding = 0;
  window.createImageBitmap = (...given) => {
    decoding++;
    return decode(...given).finally(() => { decoding--; });
  };
})();"""
PATIENCE = 30_000  # milliseconds that a page may take, beside a busy neighbour


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("no browser: install chromium (Debian: apt install chromium) to run the browser tests")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        begin_with(browser, ALL_COUNTED + (ALL_LATE.replace("MILLISECONDS", str(float(LATE))) if LATE else ""))
        yield browser
        browser.close()


def begin_with(browser, script):
    """Every page that this browser opens from now on runs `script` first."""

    def with_script(make):
        def made(**options):
            new = make(**options)
            new.add_init_script(script)
            new.set_default_timeout(PATIENCE)
            return new

        return made

    browser.new_context, browser.new_page = with_script(browser.new_context), with_script(browser.new_page)


@pytest.fixture
def new_page(chromium):
    """new_page(**context options): a page; at the end no request has left the machine and no script has failed."""
    contexts, left, problems = [], [], []

    def guard(route):
        if urlsplit(route.request.url).hostname in LOCAL | {None}:
            return route.continue_()
        left.append(route.request.url)
        return route.abort()

    def make(**options):
        context = chromium.new_context(**{"viewport": {"width": 1000, "height": 800}, **options})
        contexts.append(context)
        context.route("**/*", guard)
        context.on("requestfailed", lambda request: guard_failed(request))
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    def guard_failed(request):
        if urlsplit(request.url).hostname not in LOCAL | {None}:
            left.append(request.url)

    make.problems = problems
    yield make
    for context in contexts:
        context.close()
    assert not left, f"requests left the machine: {left}"
    assert not problems, f"scripts failed: {problems}"
