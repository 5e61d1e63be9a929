"""A real JupyterLab, a real Chromium, and a page that tells of every request and every complaint.

Run with ``make test-browser``: `pytest tests/browser`. DESK_SHOTS names a folder for screenshots.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

HERE = "127.0.0.1"
ROOT = Path(__file__).parents[2]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
# what a page may say without anything being wrong with the desk
KNOWN = ("Download the React DevTools", "ResizeObserver loop", "favicon")


def pytest_ignore_collect(config):
    """Collected only where asked for by name: these tests start a server and a browser, and take minutes."""
    return None if any("browser" in str(argument) for argument in config.args) else True


def pytest_collection_modifyitems(items):
    if CHROMIUM is None:
        for item in items:
            if Path(__file__).parent in Path(item.path).parents:
                item.add_marker(pytest.mark.skip(reason="no chromium here: apt-get install chromium"))


@pytest.fixture(scope="session")
def browser():
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


class Watch:
    """A page, what it complained of, where it asked, and what its dialogs said."""

    def __init__(self, page):
        self.page, self.complaints, self.abroad, self.dialogs = page, [], [], []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self._hear(said.text))
        page.on("request", self._asked)
        page.on("dialog", self._dialog)

    def _hear(self, text):
        if not any(known in text for known in KNOWN):
            self.complaints.append(text)

    def _asked(self, request):
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "file", "about") and address.hostname not in (HERE, "localhost"):
            self.abroad.append(request.url)

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def shot(self, name):
        if folder := os.environ.get("DESK_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def check(self):
        assert self.complaints == []
        assert self.abroad == []
        assert self.dialogs == []


@pytest.fixture
def watched(browser):
    """Opens pages; at the end of the test none may have complained or asked anything of the network."""
    opened = []

    def open_page(theme="light", width=1400, height=1000):
        context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": height})
        opened.append((context, Watch(context.new_page())))
        return opened[-1][1]

    yield open_page
    for context, watch in opened:
        context.close()
        watch.check()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab in a folder of its own."""
    folder = tmp_path_factory.mktemp("lab")
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"), "IPYTHONDIR": str(folder / "ipython"),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--ip={HERE}", f"--port={port}",
        "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={folder}", "--allow-root",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None",
    ]  # fmt: skip
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
        try:
            _wait(f"http://{HERE}:{port}/api/status", server, folder / "lab.log")
            yield Lab(f"http://{HERE}:{port}", folder)
        finally:
            server.terminate()
            server.wait(20)


def _wait(address, server, log):
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
        assert server.poll() is None, log.read_text()[-2000:]
    raise TimeoutError(log.read_text()[-2000:])


class Lab:
    """A JupyterLab: notebooks are written into its folder and opened in a page."""

    def __init__(self, address, folder):
        self.address, self.folder, self.asked = address, folder, 0

    def open(self, watch, name, cells):
        """The page with the notebook of these cells, all of them run."""
        import nbformat

        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        page = watch.page
        page.goto(f"{self.address}/lab/workspaces/{name}/tree/{name}.ipynb")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.locator("#jp-main-statusbar", has_text="| Idle").wait_for(timeout=60_000)
        page.click("text=Run >> nth=0")
        page.click(".lm-Menu-item[data-command='runmenu:run-all']")
        return page

    def run(self, page, code):
        """What a line of Python prints in the notebook's kernel: the round trip to Python."""
        page.keyboard.press("Escape")
        page.click(".jp-Notebook-footer")
        editor = page.locator(".jp-Notebook .jp-CodeCell .cm-content").last
        editor.click()
        self.asked += 1
        page.keyboard.insert_text(f"import json; print('told {self.asked}:', json.dumps({code}))")
        page.keyboard.press("Shift+Enter")
        output = page.locator(".jp-OutputArea-output pre", has_text=f"told {self.asked}:")
        output.wait_for(timeout=20_000)
        return json.loads(output.inner_text().split(":", 1)[1])
