"""What kind of device a user agent names: the first rule that fits wins.

iPads call themselves Macs since 2019, and most phones and tablets with Chrome call themselves "K"
since 2023: then "Mobile" decides, as Google says, and an iPad is a desktop.
"""

from __future__ import annotations

import re

from jmpy.clicks import models
from jmpy.clicks.model import DeviceType

# Windows on a phone calls itself Android, an iPhone and a desktop, too.
_WINDOWS_PHONE = re.compile(
    r"Windows (?:Phone|CE)|IEMobile|WPDesktop|XBLWP|ZuneWP|Windows NT 10\.0; ARM;"
)
_CONSOLE = re.compile(r"PlayStation|\bPS3\)|;ps[345];|Nintendo|Xbox|\bOUYA|SEGA", re.IGNORECASE)
# Televisions and what is plugged into them, by platforms and browsers of their own.
_TELEVISION = re.compile(
    r"HbbTV|Hybridcast|SmartHub|smart[-_ ]?tv|AppleTV|GoogleTV|AndroidTV|TvBrowser|\bTV_"
    r"|(?:android|apple|google|internet|lati|net|opera |web|_|\b)TV\b|web0s|webOS\.TV|NetCast"
    r"|NETRANGEMMH|\bRoku|CrKey|Chromecast|Bravia|Viera|AQUOS|\bDTV|VIDAA|VIZIO|ViziOS|\bOMI/"
    r"|CE-HTML|Large Screen|InettvBrowser|\bTiVo|NETTV|BrightSign|\(Sky, |\bWPE Sky|YouView"
    r"|_STB_|\bSTB\b|KSTB|stbapp|Set-?top|Espial|Maple[ _]?\d|KreaTV|Sagemcom|SonyCEBrowser|SRAF/"
    r"|VSTVB|DLNADOC|Netflix|FIRETV|\bAFT[A-Z]|TiviMate|Streamer|^NEXT |Coolita|\(Astro;"
    r"|, ?(?:wired|wireless|wi-?fi)\)|Panasonic\.bd",
    re.IGNORECASE,
)
# And what follows the version: the model.
_ANDROID = re.compile(
    r"(?:Android|\bAdr\b|diordnA|HarmonyOS|YunOs)[^;)]*[;)]?([^)]*)", re.IGNORECASE
)
_MODEL_IN_FACEBOOK = re.compile(r"FBDV/([^;\]]*)")
_COMPUTER = re.compile(r"\(PC; ?(?:Open)?Harmony")
_TABLET = re.compile(
    r"\biPad|/apad\b|\bTablet\b(?! PC)|Kindle|Silk/|PlayBook|TouchPad|\bNook|\bXoom|PocketBook|Kobo"
    r"|HTC_Flyer|Touch; [A-Z]{4,6}JS\b|SurfTab",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"Mobile|eliboM", re.IGNORECASE)
# Of phones that leave "Mobile" out.
_PHONE_MODEL = re.compile(
    r"SM-[AFGJNW]\d|SCH-W|CPH\d|\bV2\d{3}|\bZTE|PadFone|GT-I|-[AT]N\d\d|-LX\d|-N[124]9|Coolpad"
    r"|Masstel (?!Tab)|T-Mobile",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"iPhone|iPod|\biPh\d|KAIOS|FBAN/(?!FBW)|MIDP|CLDC|UP\.(?:Browser|Link)|Symbian|Series ?[346]0"
    r"|\bS60|Nokia|BlackBerry|\bBB10|\bbada|Palm|J2ME|DoCoMo|KDDI|SoftBank|\bWAP|MAUI|BREW|Obigo"
    r"|NetFront|Maemo|N900|MeeGo|Opera Mo?[bi]|UCWEB|UCBrowser|Dolfin|SonyEricsson|\bMOT-"
    r"|smartphone|K-?Touch|\bPPC; \d",
    re.IGNORECASE,
)
_DESKTOP = re.compile(
    r"Windows|\b[Ww]in(?:32|64|NT|\d)|Macintosh|Mac ?OS|Mac_|\bMac \d|macOS|\bOSX|X11|Wayland|CrOS"
    r"|Ubuntu|SunOS|BSD|Haiku|BeOS|\bOS/2|Amiga|MorphOS|RISC OS|IRIX|OSF1|OpenVMS|Syllable"
    r"|Konqueror|Microsoft Office|MSOffice|2in1;|x86_64"
)
_WITHOUT_ANDROID = (
    (_TABLET, DeviceType.TABLET),
    (_PHONE, DeviceType.MOBILE),
    (re.compile(r"Darwin/[\d.]+ \((?:i386|x86|Power)"), DeviceType.DESKTOP),
    (re.compile(r"Darwin/"), DeviceType.MOBILE),
    (_DESKTOP, DeviceType.DESKTOP),
    (_MOBILE, DeviceType.MOBILE),
    (re.compile(r"Linux"), DeviceType.DESKTOP),
)


def kind(user_agent: str) -> DeviceType:
    if _CONSOLE.search(user_agent):
        return DeviceType.TV
    if _WINDOWS_PHONE.search(user_agent):
        return DeviceType.MOBILE
    if _TELEVISION.search(user_agent):
        return DeviceType.TV
    if android := _ANDROID.search(user_agent):
        return _by_model(user_agent, _model(user_agent, android[1]))
    for sign, device in _WITHOUT_ANDROID:
        if sign.search(user_agent):
            return device
    return DeviceType.UNKNOWN


def _model(user_agent: str, behind_version: str) -> str:
    model = behind_version.partition(" Build")[0]
    facebook = _MODEL_IN_FACEBOOK.search(user_agent)
    return f"{model}; {facebook[1]}" if facebook else model


def _by_model(user_agent: str, model: str) -> DeviceType:
    for sign, text, device in (
        (_COMPUTER, user_agent, DeviceType.DESKTOP),
        (models.TELEVISION, model, DeviceType.TV),
        (_TABLET, user_agent, DeviceType.TABLET),
        (models.TABLET, model, DeviceType.TABLET),
        (models.COMPUTER, user_agent, DeviceType.DESKTOP),
        (_MOBILE, user_agent, DeviceType.MOBILE),
        (_PHONE_MODEL, model, DeviceType.MOBILE),
    ):
        if sign.search(text):
            return device
    # Browsers on tablets leave "Mobile" out; apps leave it out everywhere.
    is_browser = "Safari/" in user_agent and not user_agent.startswith("Dalvik")
    return DeviceType.TABLET if is_browser else DeviceType.MOBILE
