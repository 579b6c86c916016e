"""What a rule's condition may be."""

import pytest

from alerts.where import check_where, columns
from extractors.errors import Usage

GOOD = [
    "jcm_role = 'subject'",
    "jcm_role = 'subject' AND list_contains(jcm_countries, 'IN')",
    "jcm_kind IN ('credits', 'selection') AND jcm_tonnes > 10000",
    "contains(title || body, '二国間') OR regexp_matches(title, 'J-?CM')",
    "len(list_filter(jcm_countries, lambda code: code IN ('MN', 'VN'))) > 0",
    "title = '--; /* a title may hold anything */'",
    "contacts[1].organisation LIKE '%地球環境局%'",
    "split_part(release_id, '-', 2) = 'en'",
    "true",
]
BAD = {
    "": "found nothing",
    "jcm_rule = 'subject'": 'column "jcm_rule" not found',
    "jcm_role = subject": 'column "subject" not found',
    "jcm_role = 'subject": "unterminated",
    "jcm_role = ": "syntax error",
    "jcm_projects": "gives INTEGER",
    "published_on > 'yesterday'": "Conversion Error",
    "true; DROP TABLE releases": "found ';'",
    "true -- and more": "found '--'",
    "true /* and more */": "found '/*'",
    "true) FROM read_text('/etc/hostname') WHERE (true": "more than one expression",
    "true), (false": "more than one expression",
    "true UNION SELECT true": "syntax error",
    "(SELECT count(*) FROM captures) > 0": "a subquery",
    "EXISTS (FROM 'secret.csv')": "a subquery",
    "read_text('/etc/hostname') IS NOT NULL": "read_text()",
    "getenv('HOME') = 'x'": "getenv()",
    "current_setting('home_directory') = ''": "current_setting()",
    "random() > 0.5": "random()",
    "published_on > current_date": "current_date",
    "now() > first_seen_at": "now()",
    "pg_sleep(100) IS NULL": "pg_sleep()",
    "count(*) > 1": "count_star()",
    "row_number() OVER () = 1": "a window function",
    "title = ?": "a parameter",
    "COLUMNS(*) IS NOT NULL": "a star",
    "unnest([true])": "unnest()",
}


@pytest.mark.parametrize("where", GOOD)
def test_a_condition_over_the_columns_is_taken(where: str) -> None:
    """Any plain yes-or-no expression over the columns of releases is a rule."""
    check_where(where, rule="r")
    assert "jcm_role" in columns()


@pytest.mark.parametrize(("where", "reason"), BAD.items())
def test_anything_else_is_refused_at_once(where: str, reason: str) -> None:
    """What is no such expression is refused when the file is read, with the rule, the text and the reason."""
    with pytest.raises(Usage) as refused:
        check_where(where, rule="india")
    assert "rule 'india'" in str(refused.value)
    assert reason in str(refused.value)
