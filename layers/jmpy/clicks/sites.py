"""Sites, brands and apps whose clicks are search, social or email."""

from __future__ import annotations

from jmpy.clicks.model import SourceCategory

# With all hosts below them that are not listed as another category.
HOSTS = {
    SourceCategory.EMAIL: """
        app.tuta.com basic.messaging.bigpond.com bluewin.ch campaign-archive.com
        deref-1und1-02.de deref-mail.com deref-web.de fastmail.com hey.com hotmail.com
        icloud.com inbox.com inbox.google.com list-manage.com mail.com mail.google.com
        mail.live.com mail.ru mailbox.org mailchi.mp mastermail.ru orange.fr
        outlook.cloud.microsoft outlook.com outlook.live.com outlook.office.com
        outlook.office365.com post.ru posteo.de proton.me protonmail.com sibmail.com
        tutanota.com upcmail.hispeed.ch web.de ymail.com zoho.com zoho.eu
        """,
    SourceCategory.SEARCH: """
        1188.cz 1881.no 2gis.ru 360.cn abcsok.no abcsolk.no acoon.de alexa.com aliceadsl.fr
        all.by alltheweb.com andisearch.com aol.com aol.de aol.fr aolsearch.com aolsvc.de
        apollo.lv apollo7.de aport.ru arianna.libero.it astronaut.at austronaut.at baidu.com
        biglobe.ne.jp bingj.com blekko.com blogdigger.com blogpulse.com brave.com centrum.cz
        cercato.it character.ai charter.net chat.deepseek.com chat.mistral.ai chat.openai.com
        chat.qwen.ai chatglm.cn chatgpt.com claude.ai clusty.com coccoc.com comcast.net
        copilot.microsoft.com crawler.com cuil.com daemon-search.com dalesearch.com
        darkoogle.com dasoertliche.de dastelefonbuch.de daum.net deepseek.com delfi.ee delfi.lv
        digg.com dir.gigablast.com dmoz.org dogpile.com duck.ai duckduckgo.com ecosia.org
        eniro.se eo.st eurip.com euroseek.com everyclick.com exa.ai facemoods.com
        fastbrowsersearch.com fastweb.it find.tdc.dk finderoo.com findwide.com fireball.de
        firstsfind.com fixsuche.de flix.de forestle.mobi forestle.org fresh-weather.com
        friendfeed.com gais.cs.ccu.edu.tw geona.net gigablast.com gnadenmeer.de go.mail.ru
        gomeo.com goo.ne.jp google.dodo.com.au google.interia.pl googleearth.de googleearth.fr
        googlesyndicatedsearch.com gooofullsearch.com gougou.com goyellow.de grok.com
        gulesider.no hit-parade.com holmes.ge hooseek.com hotbot.com iask.ai icerocket.com
        icq.com ilse.nl info.com infospace.com inspsearch.com jungle-spider.de jyxo.1188.cz
        kagi.com kataweb.it kimi.com kununu.com kvasir.no latne.lv lemoteur.fr
        lemoteur.orange.fr lilo.org liveinternet.ru lo.st looksmart.com lukol.com lycos.com
        m.mail.ru m365.cloud.microsoft maailm.com marginalia.nu maxwebsearch.com meinestadt.de
        meta.ai meta.ua metager.de metager.org metager2.de mirostart.com mister-wong.com
        mister-wong.de mojeek.com msxml.excite.com mullvad.net mysearch.com myway.com najdi.si
        naver.com need2find.com neti.ee nigma.ru notebooklm.google.com onet.pl online.no
        paperball.de perplexity.ai petalsearch.com phind.com picsearch.com plazoo.com poe.com
        poisk.ru presearch.com qbyrd.com quark.sm.cn qwant.com rambler.ru req.-hit-parade.com
        rpmfind.net sapo.pt search.ch search.com searchalot.com searchcanvas.com searchthis.com
        searchy.co.uk seznam.cz sharelook.fr skynet.be sm.cn so.com sogou.com soso.com
        sosodesktop.com sougou.com start.iplay.com startgoogle.startpagina.nl startpage.com
        startsiden.no suche.info suchmaschine.com suchnase.de swisscows.com t-online.de
        talktalk.co.uk technorati.com teoma.com thesmartsearch.net tiscali.cz tixuma.de
        toile.com toolbarhome.com trouvez.com trovarapido.com trusted--search.com twingly.com
        url.org vinden.nl vindex.nl virgilio.it volny.cz web.canoe.ca web.nl
        webcache.googleusercontent.com webfetch.com weborama.com websearch.com witch.de
        yatedo.com yatedo.fr yep.com yeti.com yippy.com yiyan.baidu.com you.com yougoo.fr
        zhongsou.com zoek.nl zoeken.nl zoohoo.cz
        """,
    SourceCategory.SOCIAL: """
        badoo.com bebo.com bilibili.com blackplanet.com bsky.app buzznet.com chaos.social
        classmates.com cyworld.com delicious.com discord.com discord.gg discordapp.com disq.us
        disqus.com donanimhaber.com douban.com douyin.com dribbble.com facebook.com fb.com fb.me
        flickr.com flixster.com fosstodon.org fotolog.com foursquare.com friendsreunited.com
        friendster.com gaiaonline.com geni.com getpocket.com github.com goodreads.com habbo.com
        hachyderm.io hi5.com hocam.com hyves.nl identi.ca inci.sozlukspot.com incisozluk.cc
        incisozluk.com instagram.com instela.com itusozluk.com kakao.com last.fm lastfm.ru
        line.me linkedin.com linktr.ee livejournal.com livejournal.ru lnk.bio lnkd.in lobste.rs
        login.live.com mas.to mastodon.online mastodon.social medium.com meetup.com
        messenger.com mixi.jp moikrug.ru mstdn.social multiply.com my.mail.ru myheritage.com
        mylife.ru myspace.com myyearbook.com netlog.com news.ycombinator.com nextdoor.com
        nicovideo.jp nk.pl odnoklassniki.ru ok.ru orkut.com paper.li pin.it pinimg.com
        pixelfed.social plaxo.com plus.google.com producthunt.com quora.com qzone.qq.com redd.it
        reddit.com renren.com signal.org skype.com skyrock.com slack.com snapchat.com sonico.com
        soundcloud.com sourceforge.net sourtimes.org sozluk.com stackexchange.com
        stackoverflow.com studivz.net stumbleupon.com substack.com t.cn t.co t.me tagged.com
        taringa.net teams.live.com teams.microsoft.com telegram.me telegram.org threads.com
        threads.net tiktok.com tildes.net truthsocial.com tuenti.com tumblr.com twitch.tv
        twitter.com uludagsozluk.com ulusozluk.com umblr.com url.google.com v2ex.com viadeo.com
        vimeo.com vk.com vkontakte.ru vkrugudruzei.ru wa.me wayn.com wechat.com weeworld.com
        weibo.cn weibo.com weixin.qq.com whatsapp.com whirlpool.net.au workplace.com x.com
        xanga.com xiaohongshu.com xing.com youtu.be youtube.com zhihu.com
        """,
    # Of search engines, and no search.
    SourceCategory.REFERRAL: """
        accounts.google.com analytics.google.com calendar.google.com chat.google.com
        classroom.google.com cloud.google.com console.cloud.google.com developers.google.com
        docs.google.com drive.google.com eurosport.yahoo.com finance.yahoo.com
        fr.eurosport.yahoo.com groups.google.com groups.yahoo.com maps.google.com
        maps.yandex.com maps.yandex.ru maps.yandex.ua meet.google.com mobile.yahoo.com
        play.google.com sites.google.com sports.yahoo.com support.google.com tools.google.com
        translate.google.com
        """,
}
# Under each country's domain.
BRANDS = {
    SourceCategory.EMAIL: """
        deref-gmx gmx
        """,
    SourceCategory.SEARCH: """
        abacho alicesuche altavista aolsearch apontador ask babylon bing conduit exalead excite
        globososo google hotbot incredimail ixquick junglekey lycos magellan mamma metacrawler
        monstercrawler mozbot naver qualigo search-results walhello webcrawler yahoo yandex
        yasni zapmeta
        """,
    SourceCategory.SOCIAL: """
        pinterest
        """,
}
# Of Android, as in `android-app://com.slack`.
PACKAGES = {
    SourceCategory.EMAIL: """
        ch.protonmail.android com.aol.mobile.aolapp com.earthlink.myearthlink com.easilydo.mail
        com.fastmail.app com.fsck.k9 com.google.android.gm com.google.android.gm.lite
        com.hey.app com.mailchimp.mailchimp com.microsoft.office.outlook com.readdle.spark
        com.samsung.android.email.provider com.superhuman.mail com.tutao.tutanota
        com.yahoo.mobile.client.android.mail de.gmx.mobile.android.mail de.tutao.tutanota
        de.web.mobile.android.mail me.bluemail.mail net.thunderbird.android
        org.mozilla.thunderbird ru.mail.mailapp ru.yandex.mail
        """,
    SourceCategory.SEARCH: """
        ai.mistral.chat ai.perplexity.app.android ai.x.grok com.anthropic.claude
        com.baidu.searchbox com.brave.browser.search com.deepseek.chat
        com.duckduckgo.mobile.android com.ecosia.android com.google.android.apps.bard
        com.google.android.apps.searchlite com.google.android.googlequicksearchbox
        com.microsoft.bing com.microsoft.copilot com.nhn.android.search com.openai.chatgpt
        com.quora.poe com.qwant.liberty com.yandex.searchapp org.ecosia.app
        ru.yandex.searchplugin
        """,
    SourceCategory.SOCIAL: """
        com.bereal.ft com.discord com.facebook.katana com.facebook.lite com.facebook.mlite
        com.facebook.orca com.facebook.workchat com.github.android
        com.google.android.apps.dynamite com.google.android.apps.messaging
        com.google.android.apps.plus com.google.android.youtube com.instagram.android
        com.instagram.barcelona com.instagram.lite com.kakao.talk com.laurencedawson.reddit_sync
        com.laurencedawson.reddit_sync.pro com.linkedin.android com.medium.reader com.meetup
        com.microsoft.teams com.nextdoor com.pinterest com.quora.android com.reddit.frontpage
        com.sina.weibo com.skype.raider com.slack com.slack.android com.snapchat.android
        com.ss.android.ugc.aweme com.ss.android.ugc.trill com.talklittle.android.tildes
        com.tencent.mm com.tencent.mobileqq com.tumblr com.twitter.android
        com.twitter.android.lite com.viber.voip com.vkontakte.android com.whatsapp
        com.whatsapp.w4b com.xing.android com.xingin.xhs com.zhiliaoapp.musically im.vector.app
        io.github.hidroh.materialistic io.syncapps.lemmy_sync jp.naver.line.android
        network.loki.messenger org.aka.messenger org.joinmastodon.android org.telegram.biftogram
        org.telegram.messenger org.telegram.messenger.beta org.telegram.messenger.web
        org.telegram.plus org.thoughtcrime.securesms org.thunderdog.challegram ru.ok.android
        tv.twitch.android.app xyz.blueskyweb.app
        """,
}
