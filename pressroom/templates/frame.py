"""What surrounds every page: head, banner, menu, footer, and as much menu as a test wants for weight."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape

SITE = "https://www.env.go.jp"
_MENU = {
    "ja": (
        ("大臣・副大臣", "/annai/kaiken.html"),
        ("報道発表資料", "/press/"),
        ("政策分野", "/policy/"),
        ("白書・統計", "/doc/"),
        ("申請・届出", "/shinsei/"),
        ("組織案内", "/annai/"),
    ),
    "en": (
        ("Minister", "/en/minister/"),
        ("Press Releases", "/en/press/"),
        ("Policies", "/en/policy/"),
        ("Statistics", "/en/statistics/"),
    ),
}
_NAME = {"ja": "環境省", "en": "Ministry of the Environment"}
_SUBJECTS = (
    "脱炭素",
    "資源循環",
    "自然公園",
    "水環境",
    "化学物質",
    "大気",
    "熱中症",
    "国際連携",
    "環境教育",
    "再生可能エネルギー",
)


@dataclass(frozen=True, slots=True)
class Look:
    """How pages are dressed: `weight` bytes of menu, and the number of the coat of markup (0, 1, 2 …).

    Another `coat` is another markup of the same content: other classes, wrappers and white space.
    """

    weight: int = 0
    coat: int = 0


def page(  # noqa: PLR0913 -- what every document needs; an object for it would be used once
    title: str, main: str, *, lang: str, look: Look, path: str = "", description: str = ""
) -> str:
    """A whole HTML document around `main`, which brings its own `<main>` element."""
    home = "/en/" if lang == "en" else "/"
    meta = f'<meta name="description" content="{escape(description)}">\n' if description else ""
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title, quote=False)} | {_NAME[lang]}</title>
{meta}<meta property="og:type" content="article">
<meta property="og:title" content="{escape(title)}">
<meta property="og:url" content="{SITE}{escape(path)}">
<link rel="stylesheet" href="/assets/css/style.css?v={look.coat}">
</head>
<body class="l-body{_coat(look)}">
<a class="u-skip" href="#main">{"Skip to content" if lang == "en" else "本文へ"}</a>
<header class="l-header">
<p class="l-header__logo"><a href="{home}">{_NAME[lang]}</a></p>
{menu(lang)}{_padding(look.weight)}
</header>
{main}
<footer class="l-footer">
<p class="l-footer__nav"><a href="{home}sitemap.html">{"Site map" if lang == "en" else "サイトマップ"}</a></p>
<p class="l-footer__copy"><small>Ministry of the Environment (the press room in a box)</small></p>
</footer>
<script src="/assets/js/common.js?v={look.coat}"></script>
</body>
</html>
"""


def menu(lang: str) -> str:
    """The banner's menu."""
    items = "".join(f'<li><a href="{href}">{name}</a></li>' for name, href in _MENU[lang])
    return f'<nav class="l-header__nav"><ul>{items}</ul></nav>'


def _coat(look: Look) -> str:
    return f" is-coat-{look.coat}" if look.coat else ""


@lru_cache(maxsize=8)
def _padding(weight: int) -> str:
    """About `weight` bytes of the menus that fold out of the banner."""
    parts: list[str] = []
    size = number = 0
    while size < weight:
        parts.append(_panel(number))
        size += len(parts[-1].encode())
        number += 1
    return "\n" + "\n".join(parts) if parts else ""


def _panel(number: int) -> str:
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    items = "\n".join(
        f'<li class="p-mega-menu__item"><a class="p-mega-menu__link" href="/policy/{number:03}/{index}.html">'
        f'<span class="p-mega-menu__text">{subject}に関する施策 {number}-{index}</span></a></li>'
        for index in range(1, 9)
    )
    return (
        f'<div class="p-mega-menu" id="menu-{number}" hidden><p class="p-mega-menu__title">{subject}</p>'
        f'<ul class="p-mega-menu__list">\n{items}\n</ul></div>'
    )
