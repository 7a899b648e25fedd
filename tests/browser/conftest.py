"""A real browser with the network cut off: any request that would leave the machine fails the test."""
import os
import shutil
from urllib.parse import urlsplit

import pytest

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
LOCAL = {"", "localhost", "127.0.0.1"}                    # "": file:, data: and blob: addresses


def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("no browser: install chromium (Debian: apt install chromium) to run the browser tests")
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


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
        page.set_default_timeout(10_000)
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
