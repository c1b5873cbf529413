"""Renders pages: templates of `api/templates`, words of `api/words`, in German or English.

A page's route hands over its template, words and values; everything is escaped. In a template `w.word` is the
word in the page's language, `w["word"]` one whose name is worked out, `w.call("word", n=3)` fills in `{n}`,
`name(state)` says a state, category or reason. `viewer`, `menu` and `problems` are there for the frame. The
words of a page are also there for its ES modules (`static/common/words.js`).
"""

import json
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.navigation import MENU
from api.policy import Action
from api.problems import URN, Kind
from api.services import Services
from api.viewer import Viewer
from api.words import common
from consent.agreement.language import Language, Text
from reports.words import words_for

LANGUAGE_COOKIE = "language"
_YEAR_S = 365 * 86_400


class Spoken:
    """Words in one language."""

    def __init__(self, words: Mapping[str, Text], language: Language) -> None:
        self._words, self.language = words, language

    def __getattr__(self, name: str) -> str:
        """Return a word; AttributeError if there is none, so that a page cannot lack one silently."""
        try:
            return self._words[name].in_(self.language)
        except KeyError:
            msg = f"no word {name!r}"
            raise AttributeError(msg) from None

    def __getitem__(self, name: str) -> str:
        """Return a word whose name a template works out."""
        return self.__getattr__(name)

    def call(self, word: str, /, **values: object) -> str:
        """Return a sentence with its places filled in."""
        return self[word].format(**values)

    def all(self) -> dict[str, str]:
        """Return every word."""
        return {name: text.in_(self.language) for name, text in self._words.items()}


class Pages:
    """Renders the pages of one server."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._environment = Environment(
            loader=PackageLoader("api"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["data"] = _data

    def render(
        self,
        request: Request,
        template: str,
        words: Mapping[str, Text],
        viewer: Viewer | None,
        *,
        status: int = 200,
        **values: object,
    ) -> HTMLResponse:
        """Return a page. `words` are the page's own, beside the common ones."""
        language = self.language(request)
        spoken = Spoken({**common.WORDS, **words}, language)
        names = words_for(language)
        content = self._environment.get_template(template).render(
            w=spoken,
            language=language.value,
            other=Language.EN.value if language is Language.DE else Language.DE.value,
            viewer=viewer,
            menu=menu(viewer),
            path=request.url.path,
            name=names.name,
            problems={
                f"{URN}{kind.urn.removeprefix(URN)}": common.PROBLEMS[kind].in_(language) for kind in Kind
            },
            Action=Action,
            **values,
        )
        answer = HTMLResponse(content, status)
        if request.query_params.get(LANGUAGE_COOKIE) in set(Language):
            answer.set_cookie(
                LANGUAGE_COOKIE,
                language.value,
                max_age=_YEAR_S,
                samesite="strict",
                secure=self._services.secure,
                httponly=True,
            )
        return answer

    def language(self, request: Request) -> Language:
        """Return the language that was asked for: by the address, by the cookie, by the browser."""
        for asked in (request.query_params.get(LANGUAGE_COOKIE), request.cookies.get(LANGUAGE_COOKIE)):
            if asked in set(Language):
                return Language(asked)
        for part in request.headers.get("accept-language", "").split(","):
            tag = part.partition(";")[0].strip().lower()[:2]
            if tag in set(Language):
                return Language(tag)
        return Language(self._services.language)


def menu(viewer: Viewer | None) -> list[tuple[str, str]]:
    """Return word and address of each page that somebody may open."""
    return [] if viewer is None else [(word, path) for action, word, path in MENU if viewer.may(action)]


def _data(value: object) -> Markup:
    """Return JSON for a data block (`<script type="application/json">`), which nothing in it can end."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # the three signs that HTML reads are gone
