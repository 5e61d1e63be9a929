"""A model's server on this machine, with faults that a test plants."""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PASSAGE = re.compile(r"\[([0-9a-f]{8})\]\n(.*)\n\[\1\]", re.S)


@dataclass
class Served:
    """What was asked: how often each passage, and the requests as they came."""

    address: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def completion(content: Any, **more: Any) -> bytes:
    message = {"role": "assistant", "content": content} | more.pop("message", {})
    choice = {"index": 0, "message": message, "finish_reason": "stop"} | more
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    return json.dumps({"id": "1", "object": "chat.completion", "created": 0, "model": "planted-1", "usage": usage,
                       "choices": [choice]}).encode()  # fmt: skip


def right(mark: str, text: str) -> str:
    """Codes war where the text says shell."""
    return json.dumps({"passage": mark, "codes": {"war": int("shell" in text), "peace": int("talk" in text)}})


def well(mark: str, text: str) -> tuple[int, bytes]:
    return 200, completion(right(mark, text))


Answer = Callable[[str, str], Any]


@contextmanager
def serving(answer: Callable[..., Any] = well, *, port: int = 0, named: bool = False) -> Iterator[Served]:
    """A server that gives each passage what ``answer(mark, text)`` returns, and the model and prompt if named."""
    served, lock = Served(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = body["messages"][0]["content"]
            mark, text = PASSAGE.search(prompt).groups()
            with lock:
                served.asked[text] += 1
                served.requests.append(body)
                served.keys.append(self.headers["Authorization"])
            status, content, *headers = answer(mark, text, *[body["model"], prompt] * named)
            if status == 0:  # the connection is closed
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content) + int(dict(headers).get("Missing", 0))))
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:
                return  # the client has gone

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    served.address = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def sending(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Answer:
    """The same for each passage, with its mark in place of MARK."""
    return lambda mark, _: (status, body.replace(b"MARK", mark.encode()), *headers)


def once_then_well(first: Answer) -> Answer:
    """The planted fault at the first request for each passage, then a right answer."""
    seen: set[str] = set()

    def answer(mark: str, text: str) -> Any:
        if text in seen:
            return well(mark, text)
        seen.add(text)
        return first(mark, text)

    return answer


def slowly(seconds: float) -> Answer:
    def answer(mark: str, text: str) -> Any:
        time.sleep(seconds)
        return well(mark, text)

    return answer
