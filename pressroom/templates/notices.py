"""Pages that are no release: not found, gone, maintenance, the home page, a list in a markup nobody knows."""

from pressroom.templates import frame
from pressroom.templates.frame import Look

_PLAIN = Look()


def _notice(heading: str, text: str) -> bytes:
    inner = f'<h1 class="c-heading">{heading}</h1>\n<p>{text}</p>'
    main = f'<main class="l-main" id="main"><div class="c-component">{inner}</div></main>'
    return frame.page(heading, main, lang="ja", look=_PLAIN).encode()


def not_found() -> bytes:
    """The site's 404."""
    return _notice("お探しのページは見つかりませんでした", "移動または削除された可能性があります。")


def gone() -> bytes:
    """The site's 410."""
    return _notice("このページの掲載は終了しました", "掲載期間が終わったため、ご覧いただけません。")


def maintenance() -> bytes:
    """What a site under repair answers with 200: HTML, but neither a list nor a release."""
    return _notice(
        "ただいまメンテナンス中です", "ご不便をおかけしますが、しばらくたってから再度お試しください。"
    )


def error() -> bytes:
    """The page of a 500 or 503."""
    return _notice("サーバーが混み合っています", "時間をおいてから再度アクセスしてください。")


def home() -> bytes:
    """The front page, with the way to the press room."""
    return _notice("環境省", '<a href="/press/">報道発表資料</a>')


def unknown_list() -> bytes:
    """A redesigned list that shares no class with the known one."""
    rows = "".join(
        f'<tr><td>{day}/06</td><td><a href="/news/{day}00{day}">お知らせ その{day}</a></td></tr>'
        for day in range(1, 5)
    )
    main = f'<main><h1>ニュースルーム</h1><table id="newsroom">{rows}</table></main>'
    return frame.page("ニュースルーム", main, lang="ja", look=_PLAIN).encode()
