"""A model behind an address that speaks OpenAI's protocol, or a function in its place, and what comes back."""

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from threading import Lock
from typing import Any, ClassVar, Literal, NamedTuple, get_args
from urllib.parse import urlsplit

from analysis.corpus.files import from_json
from analysis.corpus.provenance import optional
from analysis.limits import how_to_raise, limit

LONGEST = "characters of a model's answer"
SHOWN = 200  # characters that are kept of what cannot be used
READ = 32  # bytes of a reply for each character of the longest answer: escapes, and reasoning beside it
FENCE = re.compile(r"^```(?:json)?\s*(.*?)\s*```$", re.S)
LOCAL = ("127.0.0.1", "localhost", "::1")
VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,60}")
Form = Literal["json_schema", "json_object", "text"]


class Reply(NamedTuple):
    """What came back: the answer's text, or the reason why it is empty, and the tokens used."""

    text: str
    problem: str = ""
    tokens: int = 0
    model: str = ""  # as the server names it
    fault: bool = False  # the server's, not the model's


class Stopped(Exception):
    """The model cannot be used at all: asking it for the next passage would not help either."""

    def __init__(self, what: str, kind: type[Exception] = ConnectionError) -> None:
        super().__init__(what)
        self.kind = kind  # of error for the user


@dataclass(frozen=True)
class Endpoint:
    """A model that answers at an address, such as ``Endpoint("http://localhost:11434/v1", "qwen3:8b")``.

    Parameters
    ----------
    address : str
        Base address, with ``/v1`` where the server has it.
    name : str
        The model, as the server calls it.
    settings : mapping
        Sent with each request, and part of what a reply is kept by. Some models take other names, such as
        ``max_completion_tokens``.
    form : str
        How the answer is asked for: "json_schema", or "json_object" or "text" where a server refuses that. Each
        answer is checked in any case.
    key : str
        The *name* of the environment variable that holds the key. A server on this machine needs none.
    window : int
        Tokens that the model can read and write; longer passages are not sent.
    workers, per_minute
        The most requests at once, and in a minute. So many may be asked twice if a run is stopped.
    timeout, retries
        Seconds to wait for an answer; how often a request is repeated after a lost connection, a timeout, 429 or
        500, waiting twice as long each time, or as long as the server says (Retry-After).
    """

    address: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=lambda: {"temperature": 0, "max_tokens": 300})
    form: Form = "json_schema"
    key: str = "MODEL_API_KEY"
    window: int = 8192
    workers: int = 4
    per_minute: float | None = None
    timeout: float = 60
    retries: int = 5

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.address)
        except ValueError:
            parts = urlsplit("")
        right = {
            "the address holds a user, password or query. Put the key into a variable.":
                "@" not in self.address and not parts.query,
            f"not an address. Found: {self.address!r}. Write 'http://localhost:11434/v1'.":
                parts.scheme in ("http", "https") and parts.hostname,
            "key= is the name of an environment variable, in capitals, not the key itself.":
                VARIABLE.fullmatch(self.key),
            f"form must be one of {', '.join(get_args(Form))}. Found: {self.form!r}.": self.form in get_args(Form),
            f"workers must be a whole number from 1 up. Found: {self.workers!r}.":
                isinstance(self.workers, int) and self.workers > 0,
            "name is empty. Write the model's name as the server lists it.": self.name.strip(),
        }  # fmt: skip
        for what, holds in right.items():
            if not holds:
                raise ValueError(f"Endpoint: {what}")
        object.__setattr__(self, "settings", dict(sorted(self.settings.items())))
        object.__setattr__(self, "_starts", (Lock(), [0.0]))  # of requests: when the next one may start

    @property
    def identity(self) -> dict[str, Any]:
        """What a reply is kept by."""
        return {"address": self.address, "name": self.name, "settings": self.settings, "form": self.form}

    def ask(self, prompt: str, schema: Mapping[str, Any]) -> Reply:
        """The model's answer, or why there is none; `Stopped` where another question would have none either."""
        import openai

        self._wait()
        request: dict[str, Any] = {"model": self.name, "messages": [{"role": "user", "content": prompt}]}
        shape = {"json_schema": {"name": "codes", "strict": True, "schema": schema}}
        if self.form != "text":
            request["response_format"] = {"type": self.form} | (shape if self.form in shape else {})
        try:
            raw = self.client.chat.completions.with_raw_response.create(**request, extra_body=self.settings)
            return self._clean(answer(raw.text))
        except openai.APITimeoutError:
            return Reply("", f"no answer within {self.timeout:g} seconds", fault=True)
        except openai.APIConnectionError as error:
            if type(error.__cause__).__name__ == "ConnectError":
                raise Stopped(f"{self.address} cannot be reached. Is the server running there?") from None
            return Reply("", "the connection was closed before the answer", fault=True)
        except openai.APIStatusError as error:
            return self._clean(self._refusal(error.status_code, error.response.text))

    def _wait(self) -> None:
        """Lets requests start no faster than so many a minute."""
        lock, free = self._starts  # type: ignore[attr-defined]  # set when made
        with lock:
            start = max(free[0], time.monotonic())
            free[0] = start + (60 / self.per_minute if self.per_minute else 0.0)
        time.sleep(max(0.0, start - time.monotonic()))

    def _refusal(self, status: int, body: str) -> Reply:
        said = message(body)
        stops = {
            401: f"refuses the key in {self.key} (401).",
            403: f"refuses the key in {self.key} (403).",
            404: f"has no model {self.name!r} (404).",
            429: "allows no more requests now (429). Wait, or set per_minute= and fewer workers.",
        }
        if status in stops:
            raise Stopped(f"{self.address} {stops[status]} {self._clean(Reply(said)).text}".rstrip())
        if status < 500:
            return Reply("", f"the server refused the request ({status}): {said}".rstrip(": "), fault=True)
        return Reply("", f"the server failed ({status})", fault=True)

    def _clean(self, reply: Reply) -> Reply:
        """Without the key, should a server send it back."""
        secret = os.environ.get(self.key, "")
        if len(secret) < 8:
            return reply
        text, problem = (part.replace(secret, "[key]") for part in (reply.text, reply.problem))
        return reply._replace(text=text, problem=problem)

    @cached_property
    def client(self) -> Any:
        """The client, made with the key when first needed."""
        openai = optional("openai", "code, which asks a model")
        secret = os.environ.get(self.key, "").strip()
        if not secret and urlsplit(self.address).hostname not in LOCAL:
            what = f"no key for {self.address}. The environment variable {self.key} is empty."
            raise ValueError(f"Endpoint: {what} Set it, or name another one with key=.")
        how: dict[str, Any] = {"timeout": self.timeout, "max_retries": self.retries, "http_client": _bounded()}
        return openai.OpenAI(base_url=self.address, api_key=secret or "none", **how)


def _bounded() -> Any:
    """What sends requests, and reads no more of a reply than an answer can need."""
    from openai import DefaultHttpxClient

    class Bounded(DefaultHttpxClient):  # type: ignore[misc]  # openai is not read by mypy
        def send(self, request: Any, **how: Any) -> Any:
            with closing(super().send(request, **how | {"stream": True})) as reply:
                body = next(reply.iter_bytes(READ * limit(LONGEST)), b"")
            coded = ("content-encoding", "content-length", "transfer-encoding")  # of the body as it was sent
            headers = {name: value for name, value in reply.headers.items() if name not in coded}
            return type(reply)(reply.status_code, headers=headers, content=body, request=request)

    return Bounded()


@dataclass(frozen=True, eq=False)
class Function:
    """A function from a prompt to the text of a reply, asked as an endpoint is."""

    name: str
    reply: Callable[[str], str]
    workers: ClassVar[int] = 1
    window: ClassVar[float] = inf
    client: ClassVar[None] = None

    @property
    def identity(self) -> dict[str, str]:
        return {"function": self.name}

    def ask(self, prompt: str, _: Mapping[str, Any]) -> Reply:
        try:
            text = self.reply(prompt)
        except Exception as error:
            what = f"the function {self.name!r} failed: {type(error).__name__}: {error}."
            raise Stopped(what, RuntimeError) from error
        if not isinstance(text, str):
            raise TypeError(f"code: the function {self.name!r} must return text. Found: {text!r:.60}.")
        return Reply(text, "" if text.strip() else "the answer is empty")


def tokens(text: str) -> int:
    """About how many tokens a text has: four Latin characters each, or one of another script."""
    latin = len(text.encode("latin-1", "ignore"))
    return -(-latin // 4) + len(text) - latin


def answer(body: str) -> Reply:
    """The text of a chat completion."""
    try:
        root = from_json(body)
        choice = root["choices"][0]
        message = choice["message"]
        content, refusal = message.get("content"), message.get("refusal")
        used, model = root.get("usage") or {}, root.get("model") or ""
        spent = int(used.get("prompt_tokens") or 0) + int(used.get("completion_tokens") or 0)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        if len(body) >= READ * limit(LONGEST):
            return Reply(body[:SHOWN], f"the answer is too long. {how_to_raise(LONGEST, len(body))}")
        return Reply(body[:SHOWN], "the server sent no chat completion", fault=True)
    end = choice.get("finish_reason")
    text = content if isinstance(content, str) else ""
    problem = (
        "the model refused" if refusal or end == "content_filter"
        else "the answer was cut off" if end == "length"
        else f"the answer is too long. {how_to_raise(LONGEST, len(text))}" if len(text) > limit(LONGEST)
        else "the answer is empty" if not text.strip() else ""
    )  # fmt: skip
    kept = str(refusal)[:SHOWN] if refusal else text[:SHOWN] if problem else text
    return Reply(kept, problem, spent, str(model))


def message(body: str) -> str:
    """What a server says of an error."""
    try:
        root = from_json(body)
        error = root.get("error", root)
        said = error.get("message", "") if isinstance(error, dict) else error
    except (ValueError, AttributeError):
        said = ""  # a page of HTML says nothing of use
    return " ".join(str(said).split())[:SHOWN]


def checked(text: str, mark: str, labels: Sequence[str]) -> tuple[dict[str, int], str]:
    """The codes in a reply that fits the schema, else nothing and the reason."""
    plain = text.strip()
    try:
        root = from_json(fenced[1] if (fenced := FENCE.match(plain)) else plain, object_pairs_hook=_unique)
    except ValueError:
        return {}, "the answer is not JSON, or only a part of it"
    if not isinstance(root, dict) or set(root) != {"passage", "codes"} or not isinstance(root["codes"], dict):
        return {}, "the answer is not in the form asked for"
    if root["passage"] != mark:
        return {}, "the answer is that of another passage"
    codes = root["codes"]
    if strange := sorted(set(codes) - set(labels)):
        return {}, f"not a label: {strange[0]!r:.40}"
    if absent := [label for label in labels if label not in codes]:
        return {}, f"no code for {absent[0]}"
    if wrong := [label for label in labels if type(codes[label]) is not int or codes[label] not in (0, 1)]:
        return {}, f"not a code: {wrong[0]} {codes[wrong[0]]!r:.40}"
    return codes, ""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a label has two codes")
    return dict(pairs)
