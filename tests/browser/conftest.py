"""A real browser with the network cut off: any request that would leave the machine fails the test."""

import os
import shutil

import pytest
from helpers.lab import Jupyter, is_local, lab

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # no name, no number leads elsewhere
]

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
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first has no windows
PATIENCE = 120_000  # milliseconds that a page may take, on a slow machine and beside a busy neighbour


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
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


class Pages:
    """Blank pages, lent to one test after another: each new one is a process, which takes longer than many a test."""

    def __init__(self, browser):
        self.browser, self.free = browser, {}

    def take(self, options):
        """A page with these options of a context, and what goes wrong in it."""
        looks = {name: options.pop(name, "null") for name in ("color_scheme", "reduced_motion")}
        viewport, key = options.pop("viewport"), repr(sorted(options.items()))
        page = self.free[key].pop() if self.free.get(key) else self._new(options, key)
        page.set_viewport_size(viewport)
        page.emulate_media(**looks)
        return page

    def give_back(self, page):
        """Make it blank again, or close it where something of the test would stay."""
        if page.spoiled:
            page.context.close()
            return
        page.goto("about:blank")
        page.mouse.move(-9, -9)
        page.left.clear()
        page.problems.clear()
        self.free.setdefault(page.key, []).append(page)

    def _new(self, options, key):
        context = self.browser.new_context(**options)
        page = context.new_page()
        page.key, page.left, page.problems, page.spoiled = key, [], [], False

        def asked(request):
            if not is_local(request.url):
                page.left.append(request.url)

        def went(frame):
            page.spoiled |= frame.parent_frame is None and frame.url != "about:blank"  # its storage stays

        context.on("request", asked)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("framenavigated", went)
        for name in ("add_init_script", "expose_function", "route", "on"):
            setattr(page, name, spoiling(page, getattr(page, name)))
        return page


def spoiling(page, method):
    """What a page does for good: it is for this test only."""

    def called(*given, **options):
        page.spoiled = True
        return method(*given, **options)

    return called


@pytest.fixture(scope="session")
def pages(chromium):
    return Pages(chromium)


@pytest.fixture
def new_page(pages, request):
    """new_page(**context options): a page; at the end no request has left the machine and no script has failed."""
    lent, failed = [], request.session.testsfailed

    def make(**options):
        lent.append(pages.take({"viewport": {"width": 1000, "height": 800}, **options}))
        return lent[-1]

    yield make
    left, problems = ([each for page in lent for each in getattr(page, name)] for name in ("left", "problems"))
    for page in lent:
        page.spoiled |= request.session.testsfailed > failed
        pages.give_back(page)
    assert not left, f"requests left the machine: {left}"
    assert not problems, f"scripts failed: {problems}"


@pytest.fixture(scope="session")
def jupyter(chromium, tmp_path_factory, request):
    """A JupyterLab and a Notebook 7 for all tests of this process."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("course")
    with lab(folder, home) as address:
        context = chromium.new_context()
        yield Jupyter(context, address, folder, lambda: request.session.testsfailed)
        context.close()
