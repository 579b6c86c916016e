"""The categories of the Ministry's releases: their tag classes, and the folders of their list pages."""

from html import escape

SLUGS = {
    "大臣官房": "minister",
    "総合政策": "policy",
    "地球環境": "earth",
    "大気環境": "air",
    "水・土壌": "water-soil",
    "自然環境": "nature",
    "再生循環": "recycle",
    "保健・化学物質": "chemical",
    "Global Environment": "earth",
    "General Policy": "policy",
    "Nature & Parks": "nature",
    "Air & Transportation": "air",
    "Waste & Recycling": "recycle",
}


def tag(name: str) -> str:
    """The tag of one category, as lists and release pages print it."""
    slug = SLUGS.get(name, "other")
    return f'<span class="p-news-link__tag c-tag c-tag--{slug}">{escape(name, quote=False)}</span>'
