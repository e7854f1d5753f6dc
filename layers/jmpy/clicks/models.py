"""Names of Android models that are no phones: televisions and what is plugged into them, tablets,
and computers.

A model says what it is by its name alone, and names follow no rule. Many say it in a word, and
televisions by the inches of their screen; the others are listed here as families. In the tables,
`#` is a digit, `_` a space, a hyphen or an underscore, and `$` the end of a word; upper and lower
case are alike.
"""

from __future__ import annotations

import re

# In the name of a box, a stick or a television set.
_TELEVISION_WORDS = (
    r"(?<![BDMN])TV(?!M)|\btv\b|STB"
    r"|(?i:(?<!tur|run)box|\bstick|stream|shell[ _]|_[uf]hd|-uhd|\b[248]k\b)"
)

# 43UCY1, 32LEX-7127, H32F8000Q, DM-LED43SBB31, TDTV50BS06U: inches, a series and its number.
_INCHES = r"(?:2[248]|3[29]|4[0-9]|5[0-8]|6[0-5]|7[0-7]|8[2-6])"
_SERIES = r"(?:[A-Z]{1,6}[-_]?\d{1,2}[A-Z\d]|[A-Z]{3,6}\d?\b)"
_BRAND = r"(?:LED-?|TV-?|(?<![A-Za-z\d])(?:[HFUKNQVCP]|LE|LT|TD|TQ|WUD|MLT|HTY-)?)"

_TELEVISIONS = """
    a5x a95x abx- aft allente amaze_ax amigo7 and1e andowl aosp_on_smartbox archos_gamepad as4k
    as51# as_4k atom-### beelink box bravia cadena chromecast ct-8### cvte d21#0 dexp_al- dolamee
    draco dreamstar dv#### eagle_classic eagle_elite eagle_gold ec6108 eo104k evpad formuler
    fundroid gazal gi_uni gr##200 gt1_mini gt1mini gtcombo gtking gtx- h-dmp h96 hb-2000 hiber
    hiremco hk1 i-9## iconbit_movie iconbit_xds iconbit_xlr invin ip-##_max jxd kant-3 ki_plus
    ki_pro kii_pro kiii_pro kk_max km#$ km#_ limet limez m8s mag### matador me-cool mecool media_s
    media_t minix mk80# movix mxq mygica neo-u neo-x neo-z netta nexbox nexon nexus_player nogapc
    nv### orbsmart ozonehd panodic pendoo perfeo pipo_x player polar_k polar_p polar_w polarline
    pov_tv r68 razer_edge red_#0 retroid rg### rgcube rk3### rkm_ rombica s#00_max s900 sbdv-
    sdott selenga shield spc_alien switch$ switch_lite switch_oled t95 t96 tanix tb-b tb-g tb-p
    technosat tesla_xt tox# tr99 transpeed tx2 tx3 tx5 tx6 tx9 ugoos v88$ vega_s95 vhix vim# vina
    vmp- vmp0#3 vontar vorke x-media x88 x92 x96 x98_s xds# xdsr yandexmodule yndx-00 yundoo zidoo
    """

# "Pad" and "Tab" within a name, and not in that of a phone (PadFone, Coolpad, Techpad).
_TABLET_WORDS = (
    r"(?i:(?<!cool|tech|.kli|..bg)pad(?!fone|[mt]00|ua)(?![a-z])|tab(?:let)?(?![a-z])|slide)"
    r"|Pad(?=[A-EG-Z])|Tab(?=[A-Z])|TAB(?=[A-Z\d])|PAD(?=[\dLPS_])|(?<=[a-z])(?:PAD|TAB)"
    # Those of a Chinese maker that have Wi-Fi only, with the code of the model in front.
    r"|\b[A-Z]{2,3}[A-Z\d]\d?-W\d\d"
    # Alcatel's, and a date in Xiaomi's.
    r"|\b(?:9(?!00[128]|99)\d{3}|80[689]\d)[A-Z](?:_|\b)|\b2\d{3,4}[A-Z]?RP"
    # Digma's codes: the inches come behind three letters.
    r"|[ _][CHNPSTW][CST](?:[789]|1\d)\d{3}[AMPQRT][GLW]\b|\b[DT]A\d[A-Z]\d[MP]0"
    # Teclast's and others', by the region.
    r"|\b[MNPQTXZ]\d\d\w{0,8}_(?:EEA|ROW)\b"
)
_TABLETS = """
    1az_ 1iy4g 8052 8084 8950 a1-7 a1-8 a101b2 a101c a3-a a80ksc a811 acer_one active_10 ag[rs]#
    agr- ags- alfa10 alfa_#b alfa_#m alfa_#s alfa_10 alldocube allview2 allview3 allview_ax
    allview_city allview_speedi allviewax allviewcity an##g2 an#g2 an10bg2 an7cg2 andromeda ap-###
    aquarius_cmp archos5 archos_1## archos_7# archos_8# archos_9# archos_access_1 archos_access_7
    archos_core_1 archos_core_7 asus_memo ax10pro ax2_f ax4nano ax50 azpen b1-7 b27 b28 b3-a b31
    bach- bah# bah- bdf- bg2- bgo- biowolf bnrv bntv bq-1### bq-7### bq-8### bq-9### bqru-1 bqru-7
    btv- bz[a-z]- ccit_a cga- citi_13 citi_19 contixo cpn- ct###g ct###w cube-t cyclone_v
    cyclone_voyager darwin# dbr- dby# dell_streak dragon_touch e17$ e170 e1c e28$ e691x e912
    eagle_### eda71 element7 element_7 element_8 elite_octa elite_t10 eln- enjoy_7 etl-t ex#s ex#x
    explay_tab fast7 faust# finepower_a finepower_b freeme gdi- gem- ginzzu_gt-7 ginzzu_gt-x got-
    gt-n5# gt-n8# gt-p# h10_one h270 hanson hdl- hey# honor_v6 hope7 hope8 htc_flyer huawei_m2
    hz0010 i-mobile_i-note i10_pro i213$ i216 i_ball iball ideatab ik-71 imo_y imo_z impulse_7
    informer ipa2 iplay iqm8 irulu itel_w7 jdn# jk70# jms- jp5 k##c k00 k01 k38$ kaicloud kf
    kiano kids7 kindle kj_yu kob# kobe# kocaso krj# krj- kt###pro l370i l470 lavie lc0###
    lenovo_a3 lenovo_a5500 lenovo_a7600 lenovo_b#000 lg-v4 lg-v5 lp_t70 m-mp m10l m2-8 m40 m5-a
    m50_ m50h m50p m72# m73# m75# m75tg m76# m76q m77q m7_3g m7_4g m7s_q m7sq m8_4g m8l m9_3g
    m9_wifi mc_cristo mc_darwin mc_faust mc_gama me1## me3## mfc# micromax_p# micromaxp mid# mid-#
    midc mito_t ml##-m mmp mobi_7 momo9 mon- monza mq703 mrx- mt-t8 mt0### mt7-4 mtn-8 mx1037
    mx736 n5100 n5110 nabi navitel ndl# ndl- neon7 neon9 net_k7 net_r7 nexus_10 nexus_7 nexus_9
    nomi_c07 nomi_c08 nomi_c10 nook nt-36 nt-37 numy nxm# opd2 optima_# optima_1 optima_m ov-tb
    p20hd p25_ p26 p80_ p85_ p85t pa2### pb-6 pixel_c pixus_a pixus_d pixus_joker pixus_t playbook
    ple-7 pluri pmid pmp# pmt# po####taq polypad positivo_ypy psp754 psp76 q718 q7a qs####
    quantum_2 rc#### rct# readboy rmd rmp2 rod# rt3 s180 s270i s280 s370 s470 s570 sc-01d sc-06d
    sch-i800 scm- sencor_element sht- shw-m380 shw-m480 sk-mtek slate_10 sm-n8000 sm-p# sm-t#
    sm-x# smart_g# smart_w# smarty_mini sp704 spng superion supra_m surface t0802 t10#m t10e t10k
    t127 t15- t20m t22- t40_ t40h t40s t50_ t50p t74 t81n t84er tb###f tb###x tb#- tb-#### tb-7
    tb-8 tb-j tb-q tb-x tdt# techpad7 teclast tecno_7 tecno_p70 tel-# teo# teox tesla_gravity
    tesla_l7 tesla_ttl tf-mid tgr- tm-10## tm-7### tm-8### tm-9### tm-mid torex touchpad ###tpc
    tpc transformer true_smart_7 tz## u70b u70c verykool_t verykoolt vi10 viewpad visual_land
    vitumi viva_8 viva_h vivah7 vm1017 volta vrd- vt7 walpad web- wo_# x1101 x_tigi_joy xoom xr6
    yt#- yt- z1000 z90# z930 zync zyq
    """

_COMPUTERS = """
    acer_chromebook aspire chromebook compaq_8 easynote elitebook extensa google_pixelbook
    hp_chromebook hp_engage inspiron latitude lifebook macbook nuc# omen optiplex pavilion
    pixelbook precision probook samsung_chromebook satellite swift_s thinkcentre thinkpad
    travelmate veriton virtualbox vivobook vostro waydroid xps zenbook
    """


def _families(table: str) -> str:
    names = (
        name.replace("#", r"\d").replace("_", "[-_ ]").replace("$", r"\b") for name in table.split()
    )
    return rf"(?<![-\w])(?i:{'|'.join(names)})"


TELEVISION = re.compile(f"{_BRAND}{_INCHES}{_SERIES}|{_TELEVISION_WORDS}|{_families(_TELEVISIONS)}")
TABLET = re.compile(f"{_TABLET_WORDS}|{_families(_TABLETS)}")
COMPUTER = re.compile(_families(_COMPUTERS).replace(r"(?<![-\w])", ""))
