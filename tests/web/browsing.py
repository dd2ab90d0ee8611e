"""A browser without a window: pages are read as a person reads them, forms are sent as their page would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.world import World

VOID = {"input", "meta", "link", "br", "hr", "img"}
UNSEEN = {"script", "style", "template", "title", "head"}
SAID = ("aria-label", "alt", "title", "placeholder", "data-text-constraint", "data-text-number", "data-text-whole")


@dataclass
class Element:
    """One element of a page."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """The elements inside of these kinds, in order; what a template holds is not on the page."""
        found = []
        for child in self.children:
            if isinstance(child, Element) and child.tag != "template":
                found += ([child] if not tags or child.tag in tags else []) + child.all(*tags)
        return found

    def texts(self) -> list[str]:
        """What can be read."""
        found = []
        for child in self.children:
            if isinstance(child, str):
                found.append(child)
            elif child.tag not in UNSEEN:
                found += child.texts()
        return found

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts()).split())

    @property
    def fields(self) -> list[tuple[str, str]]:
        """What a browser sends of a form whose buttons nobody has named, as it stands on the page."""
        found = []
        for one in self.all("input", "textarea", "select"):
            kind, name = one.attributes.get("type", "text"), one.attributes.get("name")
            if not name or (kind in {"radio", "checkbox"} and "checked" not in one.attributes):
                continue
            if one.tag == "textarea":
                found.append((name, "".join(one.texts()).removeprefix("\n")))
            elif one.tag == "select":
                chosen = [option for option in one.all("option") if "selected" in option.attributes]
                found.append((name, (chosen or one.all("option"))[0].attributes.get("value", "")))
            else:
                found.append((name, one.attributes.get("value", "on" if kind == "checkbox" else "")))
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(made)
        if tag not in VOID:
            self.here = made

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}>: {self.getpos()}"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


class Page:
    """An answer of the service."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer, self.status = answer, answer.status_code
        self.html = answer.get_data().decode(errors="replace")
        self.location = answer.headers.get("Location", "")
        reader = _Reader()
        if answer.mimetype == "text/html":
            reader.feed(self.html)
        self.root = reader.root

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def main(self) -> str:
        """What stands in the middle of the page."""
        return self.root.all("main")[0].text

    @property
    def forms(self) -> list[Element]:
        """The forms in the middle of the page, without those in the footer."""
        return self.root.all("main")[0].all("form")

    @property
    def form(self) -> Element:
        """The form that the page is about."""
        return next(form for form in self.forms if form.fields)

    @property
    def values(self) -> dict[str, str]:
        return dict(self.form.fields)

    @property
    def links(self) -> list[str]:
        return [link.attributes["href"] for link in self.root.all("a")]

    def said(self) -> list[str]:
        """Every piece of text for people, attributes included."""
        found = [" ".join(text.split()) for text in self.root.texts()]
        found += [one.attributes[name] for one in self.root.all() for name in SAID if name in one.attributes]
        return [text for text in found if text] + [one.text for one in self.root.all("title")]


class Phone:
    """One browser with its cookies."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world, self.client = app, world, app.test_client()

    def get(self, path: str, **more: Any) -> Page:
        return Page(self.client.get(path, **more))

    def post(self, path: str, data: Any = None, **more: Any) -> Page:
        return Page(self.client.post(path, data=data, **more))

    def follow(self, page: Page) -> Page:
        """Where the answer leads to."""
        while page.status in {302, 303}:
            assert not urlsplit(page.location).netloc
            page = self.get(urljoin(page.answer.request.path, page.location))
        return page

    def send(self, page: Page, form: Element | None = None, **typed: Any) -> Page:
        """Send a form of the page, with what is typed into it; lists are several values of one name."""
        form = form or page.form
        standing: dict[str, Any] = {}
        for name, value in form.fields:
            standing.setdefault(name, []).append(value)
        action = form.attributes.get("action") or page.answer.request.path
        return self.post(urljoin(page.answer.request.path, action), standing | typed)

    def sign_in(self, person: Any) -> Phone:
        """With a link that works once."""
        answer = self.send(self.get(self.world.link(person)))
        assert answer.status == 302
        return self

    def section(self, name: str, slot: str = "library") -> Page:
        page = self.get(f"/reports/{self.world.slots[slot]}/fill/{name}")
        assert page.status == 200
        return page

    def forget(self) -> None:
        """Cookies vanish."""
        self.client = self.app.test_client()
