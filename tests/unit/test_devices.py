"""Which device a user agent names. Each case stands for a kind; `python -m bench.agents` measures
the kinds on the fixtures of others (docs/clicks.md)."""

from __future__ import annotations

import pytest

from jmpy.clicks import devices
from jmpy.clicks.model import DeviceType

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
ANDROID = "Mozilla/5.0 (Linux; Android 11; {}) " + CHROME

TELEVISIONS = [
    "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/87.0",
    "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) TV",
    "HbbTV/1.1.1 (; Vestel; MB70; 1.0; 1.0;) NetFront/4.1",
    "Opera/9.80 (Linux mips; ) Presto/2.12.407 Version/12.51 MB95/3.3.6.X (LG, wireless)",
    "Roku4640X/DVP-7.70 (297.70E04154A)",
    "AppleCoreMedia/1.0.0.12B466 (Apple TV; U; CPU OS 8_1_3 like Mac OS X; en_us)",
    "Mozilla/5.0 (X11; Linux armv7l) AppleWebKit/537.36 (KHTML, like Gecko) CrKey/1.54",
    ANDROID.format("BRAVIA 4K VH21 Build/QTG3.200305.006; wv") + " Safari/537.36",
    ANDROID.format("AFTKA Build/PS7285; wv") + " Mobile Safari/537.36",
    ANDROID.format("43UCY1 Build/RP1A.200720.011; wv") + " Mobile Safari/537.36",
    ANDROID.format("DM-LED32SR21") + " Safari/537.36",
    ANDROID.format("MiTV-AESP0") + " Safari/537.36",
    ANDROID.format("X96Max_Plus") + " Safari/537.36",
    ANDROID.format("Chromecast HD") + " Mobile Safari/537.36",
    "Dalvik/2.1.0 (Linux; U; Android 9; SHIELD Android TV Build/PPR1.180610.011)",
    "Mozilla/5.0 (PlayStation 5 3.03/SmartTV) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/601.6 (KHTML, like Gecko)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) " + CHROME + " Edge/20.02",
]
TABLETS = [
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile",
    ANDROID.format("SM-X710") + " Safari/537.36",
    ANDROID.format("SM-T736B") + " Mobile Safari/537.36",
    ANDROID.format("K") + " Safari/537.36",
    ANDROID.format("Lenovo TB-8505F") + " Mobile Safari/537.36",
    ANDROID.format("Xiaomi Pad 6") + " Mobile Safari/537.36",
    ANDROID.format("AGS5-W09") + " Mobile Safari/537.36",
    ANDROID.format("Masstel_Tab_82") + " Mobile Safari/537.36",
    ANDROID.format("KFSUWI") + " like Chrome/118 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 9; CPN-L09; wv) " + CHROME + " Mobile [FBAN/FB4A;FBDV/CPN-L09;]",
]
PHONES = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    ANDROID.format("K") + " Mobile Safari/537.36",
    ANDROID.format("SM-S918B") + " Mobile Safari/537.36",
    ANDROID.format("SM-F926B") + " Safari/537.36",
    ANDROID.format("PadFone T004") + " Safari/537.36",
    ANDROID.format("Coolpad 7295A") + " Mobile Safari/537.36",
    ANDROID.format("SGH-T959") + " Mobile Safari/537.36",
    ANDROID.format("Redmi 9 Pro") + " Mobile Safari/537.36",
    "Dalvik/2.1.0 (Linux; U; Android 9; SM-G965U Build/PPR1.180610.011)",
    "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) " + CHROME + " Mobile",
    "Mozilla/5.0 (Mobile; Nokia_2720_Flip; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5.2.2",
    "Nokia6280/2.0 (03.60) Profile/MIDP-2.0 Configuration/CLDC-1.1",
]
DESKTOPS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + CHROME + " Safari/537.36 Edg/140.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " + CHROME + " Safari/537.36",
    "Mozilla/5.0 (X11; OpenBSD amd64; rv:130.0) Gecko/20100101 Firefox/130.0",
    "Mozilla/5.0 (X11; U; Linux i686; en-US; rv:1.9.1.2) Gecko/20090729 Slackware/13.0 Firefox/3.5",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Trident/7.0; Tablet PC 2.0)",
    ANDROID.format("HP Chromebook x360 11 G1 EE") + " Safari/537.36",
    "Safari/6534.59.10 CFNetwork/454.12.4 Darwin/10.8.0 (i386) (MacBook5%2C1)",
]
CASES = [
    (user_agent, device)
    for device, user_agents in {
        DeviceType.TV: TELEVISIONS,
        DeviceType.TABLET: TABLETS,
        DeviceType.MOBILE: PHONES,
        DeviceType.DESKTOP: DESKTOPS,
        DeviceType.UNKNOWN: ["", "x", "GoogleApp/14.35.18.28.arm64"],
    }.items()
    for user_agent in user_agents
]


@pytest.mark.parametrize(("user_agent", "device"), CASES)
def test_a_device_is_of_its_class(user_agent: str, device: DeviceType) -> None:
    assert devices.kind(user_agent) is device
