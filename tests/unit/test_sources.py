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
        ("webmail.example.co.uk", SourceCategory.EMAIL),
        ("deref-gmx.net", SourceCategory.EMAIL),
        ("lightmailer-bs.gmx.net", SourceCategory.EMAIL),
        ("my.mail.ru", SourceCategory.SOCIAL),
        ("go.mail.ru", SourceCategory.SEARCH),
        ("suche.t-online.de", SourceCategory.SEARCH),
        ("search.example.com", SourceCategory.SEARCH),
        ("yandex.by", SourceCategory.SEARCH),
        ("l.threads.com", SourceCategory.SOCIAL),
        ("chatgpt.com", SourceCategory.SEARCH),
        ("www.perplexity.ai", SourceCategory.SEARCH),
        ("gemini.google.com", SourceCategory.SEARCH),
        ("copilot.microsoft.com", SourceCategory.SEARCH),
        # Apps of Android, by their package.
        ("com.google.android.gm", SourceCategory.EMAIL),
        ("com.microsoft.office.outlook", SourceCategory.EMAIL),
        ("com.facebook.katana", SourceCategory.SOCIAL),
        ("com.facebook.orca", SourceCategory.SOCIAL),
        ("com.instagram.android", SourceCategory.SOCIAL),
        ("com.linkedin.android", SourceCategory.SOCIAL),
        ("com.slack", SourceCategory.SOCIAL),
        ("com.twitter.android", SourceCategory.SOCIAL),
        ("com.zhiliaoapp.musically", SourceCategory.SOCIAL),
        ("org.telegram.messenger.web", SourceCategory.SOCIAL),
        ("com.openai.chatgpt", SourceCategory.SEARCH),
        ("com.example.android", SourceCategory.REFERRAL),
        ("example.com", SourceCategory.REFERRAL),
        # Services of search engines that do not search.
        ("docs.google.com", SourceCategory.REFERRAL),
        # A registered domain's own name says nothing.
        ("search.example", SourceCategory.REFERRAL),
        ("mail.example", SourceCategory.REFERRAL),
        ("mailgun.com", SourceCategory.REFERRAL),
        ("research.example.com", SourceCategory.REFERRAL),
        ("com.facebook.evil.example", SourceCategory.REFERRAL),
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
