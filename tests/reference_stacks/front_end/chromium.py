"""A headless Chromium, driven over the DevTools protocol through a pair of pipes: no port, no further package."""

import base64
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
MISSING = "Chromium is not installed; on Debian: apt-get install --no-install-recommends chromium"
# Chromium reads commands from descriptor 3 and writes answers to 4. The pipes may have these numbers themselves: they
# move out of the way first.
WITH_PIPES = """
import fcntl, os, sys
moved = [fcntl.fcntl(int(pipe), fcntl.F_DUPFD, 10) for pipe in sys.argv[1:3]]
for pipe, number in zip(moved, (3, 4)):
    os.dup2(pipe, number)
os.execv(sys.argv[3], sys.argv[3:])
"""
SECONDS_TO_ANSWER = 30
SECONDS_TO_APPEAR = 20
OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    # Containers run as root, where Chromium has no sandbox; it opens the tests' own pages only.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
    "--no-proxy-server",
    "--lang=en-GB",
    "--window-size=800,900",
    # The certificate is the tests' own; nothing but loopback is ever reached.
    "--ignore-certificate-errors",
)


class BrowserError(AssertionError):
    """The browser did not do what was asked of it, or the page raised."""


def program() -> str | None:
    """Where Chromium is, if it is installed."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Browser:
    """A browser with one page. Every name resolves to the given port on loopback."""

    def __init__(self, executable: str, profile: Path, port: int) -> None:
        commands, self._commands = os.pipe()
        self._answers, answers = os.pipe()
        options = [
            *OPTIONS,
            f"--user-data-dir={profile}",
            f"--host-resolver-rules=MAP * 127.0.0.1:{port}",
            "about:blank",
        ]
        self._process = subprocess.Popen(
            [sys.executable, "-c", WITH_PIPES, str(commands), str(answers), executable, *options],
            pass_fds=(commands, answers),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(profile), "TZ": "UTC"},
        )
        os.close(commands)
        os.close(answers)
        self.complaints: list[str] = []
        """What went wrong on a page, with its address: failed loads, breaches of its security policy, errors."""
        self._received: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._number = 0
        self._session: str | None = None
        self._session = self._attach()
        for domain in ("Page", "Runtime", "Log"):
            self.command(f"{domain}.enable")

    def _attach(self) -> str:
        target = next(
            each["targetId"] for each in self.command("Target.getTargets")["targetInfos"] if each["type"] == "page"
        )
        session: str = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return session

    def _read(self) -> None:
        pending = b""
        while chunk := os.read(self._answers, 65536):
            *messages, pending = (pending + chunk).split(b"\0")
            for message in messages:
                self._received.put(json.loads(message))

    def command(self, method: str, **parameters: object) -> dict[str, Any]:
        """One DevTools command and its result. Raises BrowserError."""
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + SECONDS_TO_ANSWER
        while True:
            try:
                received = self._received.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise BrowserError(f"no answer to {method}") from None
            if received.get("id") == self._number:
                break
            self._notice(received)
        if "error" in received:
            raise BrowserError(f"{method}: {received['error']['message']}")
        result: dict[str, Any] = received["result"]
        return result

    def _notice(self, event: dict[str, Any]) -> None:
        details = event.get("params", {})
        if event.get("method") == "Log.entryAdded" and details["entry"]["level"] in {"warning", "error"}:
            self.complaints.append(f"{details['entry'].get('url')}: {details['entry']['text']}")
        if event.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(details["exceptionDetails"].get("text", "an exception"))

    def open(self, url: str) -> None:
        self.command("Page.navigate", url=url)

    def value(self, expression: str) -> Any:
        """What a JavaScript expression comes to on the page. Raises BrowserError when it raises."""
        answer = self.command("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """The expression's value as soon as it is truthy; a page that is just being changed is asked again."""
        until = time.monotonic() + SECONDS_TO_APPEAR
        trouble: object = "never true"
        while time.monotonic() < until:
            try:
                if found := self.value(expression):
                    return found
            except BrowserError as error:
                trouble = error
            time.sleep(0.05)
        text = self.value("document.location + '\\n' + document.body.innerText")
        raise BrowserError(f"{expression}: {trouble}; the page is {text}\nit complained: {self.complaints}")

    def type_into(self, selector: str, text: str) -> None:
        """Types as a person does: into the focused field, key events included."""
        self.wait_for(f"!!document.querySelector({json.dumps(selector)})")
        self.value(f"document.querySelector({json.dumps(selector)}).focus()")
        self.command("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """A click at the middle of an element, as soon as it is visible and not disabled."""
        quoted = json.dumps(selector)
        self.wait_for(f"(found => found?.checkVisibility() && !found.disabled)(document.querySelector({quoted}))")
        place = self.value(
            f"(() => {{ const found = document.querySelector({quoted}); found.scrollIntoView({{block: 'center'}});"
            " const box = found.getBoundingClientRect();"
            " return {x: box.x + box.width / 2, y: box.y + box.height / 2}; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.command("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)

    def screenshot(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self.command("Page.captureScreenshot")["data"]))

    def close(self) -> None:
        """Ends the browser that was started here."""
        try:
            self._session = None
            self.command("Browser.close")
        except (BrowserError, OSError):
            self._process.kill()
        self._process.wait(SECONDS_TO_ANSWER)
        os.close(self._commands)
        self._reader.join()
        os.close(self._answers)
