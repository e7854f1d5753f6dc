"""Whose user agents are people's and whose are bots'. Each case stands for a kind that the lists of
others get wrong."""

from __future__ import annotations

import pytest
from ua_parser import parse

from jmpy.clicks import agents
from jmpy.clicks.model import AgentKind

ANDROID = "Mozilla/5.0 (Linux; Android 15; {}; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
CHROME = "Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML,like Gecko) "
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "


def kind(user_agent: str) -> AgentKind:
    return agents.kind(user_agent, parse(user_agent))


@pytest.mark.parametrize(
    "user_agent",
    [
        ANDROID.format("CPH2557 Build/AP3A.240617.008") + CHROME + " Instagram 406.0.0.58.159",
        ANDROID.format("Pixel 10 Build/CP1A.260305.018") + CHROME + " MetaIAB Facebook",
        ANDROID.format("SM-S918B Build/UP1A") + CHROME + " [FB_IAB/FB4A;FBAV/400.0.0.37.76;]",
        IPHONE + "Mobile/15E148 [FBAN/FBIOS;FBAV/400.0.0.37.76;FBDV/iPhone14,3;FBCR/;FBOP/5]",
        IPHONE + "Mobile/21F79 Instagram 330.0.3.29.91 (iPhone14,3; en_IR@calendar=gregorian; en)",
        ANDROID.format("G011A Build/N2G48H") + CHROME + " Viber/11.9.5.8",
        ANDROID.format("X20 Build/P00610") + CHROME + " Instagram 237.0 (28/9; CUBOT; X20 PRO)",
        ANDROID.format("RMX3085 Build/RP1A") + CHROME + " HeyTapBrowser/40.7.29.1",
        ANDROID.format("Redmi Note 2 Build/LRX22G") + CHROME + " SogouMSE,SogouMobileBrowser/5.11",
        ANDROID.format("SM-S918B Build/UP1A") + CHROME + " CamScanner/4.8.5",
        ANDROID.format("HTC Butterfly Build/JDQ39") + CHROME,
        ANDROID.format("M bot 54") + CHROME,
        ANDROID.format("Spider 8") + CHROME,
        ANDROID.format("SM-S918B") + CHROME + " Line/14.19.1/IAB",
        ANDROID.format("SM-S918B") + CHROME + " AppName/musical_ly BytedanceWebview/d8a21c6",
        ANDROID.format("SM-S918B") + CHROME + " MicroMessenger/8.0.49.2600 WeChat/arm64 Weixin",
        ANDROID.format("SM-S918B") + CHROME + " Snapchat/13.0.0.42 (SM-S918B; Android 15; gzip; )",
        ANDROID.format("SM-S918B") + CHROME + " Telegram-Android/11.2.3 (Samsung; SDK 35; HIGH)",
        ANDROID.format("SM-S918B") + CHROME + " WhatsApp/2.24",
        IPHONE + "Mobile/15E148 Snapchat/13.0.0.42 (like Safari/8618.2.12.10.9, panda)",
        IPHONE + "Mobile/15E148 [LinkedInApp]/9.30.2",
        IPHONE + "Mobile/15E148 [Pinterest/iOS]",
        IPHONE + "Mobile/15E148 Twitter for iPhone/10.60",
        IPHONE + "Mobile/15E148 MicroMessenger/8.0.49(0x18003126) NetType/WIFI Language/en",
        WINDOWS + "Teams/24 Chrome/120.0.0.0 Electron/28 Safari/537.36",
        "Mozilla/5.0 (PlayStation 5 3.03/SmartTV) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        "Roku4640X/DVP-7.70 (297.70E04154A)",
        "Lynx/2.9.0dev.4 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/2.12.23",
        WINDOWS + "Slack/4.4.2 Chrome/78.0.3904.130 Electron/7.2.1 Safari/537.36 Sonic Slack_SSB",
        "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0; Banca Caboto s.p.a.)",
    ],
)
def test_a_person_in_an_app_or_with_an_odd_device_is_a_person(user_agent: str) -> None:
    assert kind(user_agent) is AgentKind.HUMAN


@pytest.mark.parametrize(
    "user_agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0 A",
        "Viber",
        "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        WINDOWS + "Chrome/140.0.0.0 Safari/537.36 (compatible; NewCheck/1.0)",
        WINDOWS + "Chrome/140.0.0.0 Safari/537.36 https://monitoring.example/about",
        WINDOWS.replace("Gecko)", "Gecko; Google-Sites-Thumbnails)") + "Chrome/120.0 Safari/537.36",
        WINDOWS + "HeadlessChrome/120.0.0.0 Safari/537.36",
        "Anonymous, " + ANDROID.format("CPH2211") + CHROME,
        WINDOWS + "Chrome/96.0 Safari/537.36 crawler for security.txt, mail me@site.example",
        "curl/8.5.0",
        "python-requests/2.32.0",
    ],
)
def test_what_says_or_shows_that_it_is_a_bot_is_one(user_agent: str) -> None:
    assert kind(user_agent) is AgentKind.BOT


@pytest.mark.parametrize(
    "user_agent",
    [
        "facebookexternalhit/1.1;line-poker/1.0",
        "WhatsApp/2.24.6.77 I",
        "whatsapp/2.2123.8 n",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Slack-ImgProxy (+https://api.slack.com/robots)",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 11.6; rv:92.0) Firefox/92.0 Discordbot",
        "Twitterbot/1.0",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "Microsoft Teams",
        "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
        "http.rb/5.1.1 (Mastodon/4.2.1; +https://mastodon.social/) Bot",
        "Mozilla/5.0 (compatible; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984)",
        "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
        # iMessage calls itself Safari, and all of those that sites make previews for.
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) "
        "Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    ],
)
def test_what_shows_a_preview_of_a_link_in_a_conversation_is_a_bot(user_agent: str) -> None:
    assert kind(user_agent) is AgentKind.BOT


@pytest.mark.parametrize("user_agent", ["", "x", "Mozilla/5.0", "\x00" * 300, "Time Machine/1"])
def test_what_is_neither_is_suspicious(user_agent: str) -> None:
    assert kind(user_agent) is AgentKind.SUSPICIOUS
