import pytest

from jmpy.clicks.model import SourceCategory
from jmpy.clicks.sources import category_of


@pytest.mark.parametrize(
    ("host", "category"),
    [
        ("", SourceCategory.DIRECT),
        ("google.com", SourceCategory.SEARCH),
        ("www.google.de", SourceCategory.SEARCH),
        ("google.co.uk", SourceCategory.SEARCH),
        ("news.google.com.br", SourceCategory.SEARCH),
        ("cn.bing.com", SourceCategory.SEARCH),
        ("r.search.yahoo.com", SourceCategory.SEARCH),
        ("yahoo.co.jp", SourceCategory.SEARCH),
        ("DuckDuckGo.com.", SourceCategory.SEARCH),
        ("com.google.android.googlequicksearchbox", SourceCategory.SEARCH),
        ("facebook.com", SourceCategory.SOCIAL),
        ("l.facebook.com", SourceCategory.SOCIAL),
        ("t.co", SourceCategory.SOCIAL),
        ("out.reddit.com", SourceCategory.SOCIAL),
        ("pinterest.co.uk", SourceCategory.SOCIAL),
        ("news.ycombinator.com", SourceCategory.SOCIAL),
        ("mail.google.com", SourceCategory.EMAIL),
        ("outlook.live.com", SourceCategory.EMAIL),
        ("eu1.mail.yahoo.com", SourceCategory.EMAIL),
        ("e.mail.ru", SourceCategory.EMAIL),
        ("example.com", SourceCategory.REFERRAL),
        # Names that only resemble one of the table's.
        ("google.example.com", SourceCategory.REFERRAL),
        ("notgoogle.com", SourceCategory.REFERRAL),
        ("facebook.com.evil.example", SourceCategory.REFERRAL),
        ("xt.co", SourceCategory.REFERRAL),
        ("192.0.2.1", SourceCategory.REFERRAL),
        ("localhost", SourceCategory.REFERRAL),
        ("..", SourceCategory.REFERRAL),
        ("(other)", SourceCategory.REFERRAL),
    ],
)
def test_a_site_is_known_by_its_host_or_any_parent_of_it(
    host: str, category: SourceCategory
) -> None:
    assert category_of(host) is category
