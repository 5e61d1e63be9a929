"""A real JupyterLab, a real Chromium, and a page that tells of every request and every complaint.

Run with ``make test-browser``: `pytest tests/browser`. CHROMIUM names a browser, DESK_SHOTS a folder for
screenshots.
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
NAMES = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")  # as in the Makefile
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
# Milliseconds. On a machine shared by eight a kernel starts in a minute, not in two seconds.
PATIENCE = 60_000
STARTING = 240_000
# what a page may say without anything being wrong with the desk
KNOWN = ("Download the React DevTools", "ResizeObserver loop", "favicon")


def pytest_ignore_collect(config):
    """Collected only where asked for by name: these tests start a server and a browser, and take minutes."""
    return None if any("browser" in str(argument) for argument in config.args) else True


def pytest_collection_modifyitems(items):
    if CHROMIUM is None:
        for item in items:
            if Path(__file__).parent in Path(item.path).parents:
                item.add_marker(pytest.mark.skip(reason="no Chromium here: see make test-browser"))


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
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self._hear(said.text))
        page.on("request", self._asked)
        page.on("dialog", self._dialog)
        self.asked, self.received = [], 0  # questions to a kernel, and bytes that came from it
        page.on("websocket", self._kernel)

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

    def _kernel(self, socket):
        socket.on("framesent", lambda frame: b'"question"' in _bytes(frame) and self.asked.append(frame))
        socket.on("framereceived", self._came)

    def _came(self, frame):
        self.received += len(_bytes(frame))

    def shot(self, name):
        if folder := os.environ.get("DESK_SHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png")

    def check(self):
        """Whether all was quiet since it was last asked."""
        heard = self.complaints, self.abroad, self.dialogs
        self.complaints, self.abroad, self.dialogs = [], [], []
        assert heard == ([], [], [])


def _bytes(frame):
    return frame.encode() if isinstance(frame, str) else frame


@pytest.fixture
def watched(browser):
    """Opens pages; at the end of the test none may have complained or asked anything of the network."""
    opened = []

    def open_page(theme="light", width=1400, height=1000):
        opened.append(watch_on(browser, color_scheme=theme, viewport={"width": width, "height": height}))
        return opened[-1]

    yield open_page
    for watch in opened:
        watch.page.context.close()
        watch.check()


def watch_on(browser, **look):
    """A page in a context of its own."""
    return Watch(browser.new_context(**look).new_page())


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
        "--LabApp.expose_app_in_browser=True",  # code is run in the kernel without typing it into a cell
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
    for _ in range(480):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
        assert server.poll() is None, log.read_text()[-2000:]
    raise TimeoutError(log.read_text()[-2000:])


# Code run in the kernel of the notebook that is open: what it printed, and what went wrong.
RUN = """async (code) => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const asked = kernel.requestExecute({ code, store_history: false });
  let said = '', wrong = '';
  asked.onIOPub = ({ header, content }) => {
    if (header.msg_type === 'stream' && content.name === 'stdout') said += content.text;
    if (header.msg_type === 'error') wrong = content.evalue;
  };
  await asked.done;
  return [said, wrong];
}"""
READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


class Lab:
    """A JupyterLab: notebooks are written into its folder and opened in a page."""

    def __init__(self, address, folder):
        self.address, self.folder = address, folder

    def open(self, watch, name, cells):
        """The page with the notebook of these cells, its kernel ready."""
        import nbformat

        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        page = watch.page
        page.goto(f"{self.address}/lab/workspaces/{name}/tree/{name}.ipynb", timeout=STARTING)
        page.wait_for_function(READY, timeout=STARTING)
        return page

    def run_cells(self, page):
        """Runs the whole notebook; its outputs are made anew."""
        page.evaluate("jupyterapp.commands.execute('notebook:run-all-cells')")

    def run(self, page, code):
        """Statements for the notebook's kernel; what they complain of, if anything."""
        return page.evaluate(RUN, code)[1]

    def until(self, page, condition):
        """Waits for what is to become true in the kernel: a page's state may arrive after its next message."""
        for _ in range(PATIENCE // 100):
            if self.told(page, f"bool({condition})"):
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"never true: {condition}")

    def told(self, page, value):
        """What an expression is in the notebook's kernel: the round trip to Python."""
        said, wrong = page.evaluate(RUN, f"import json; print(json.dumps({value}))")
        assert not wrong, wrong
        return json.loads(said)
