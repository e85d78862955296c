"""Endings of domain names, as the root zone has them: all country codes, and the generic ones in common use."""

# ruff: noqa: SIM905  (lists of words read better as words)

COUNTRIES = frozenset(
    """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd
    cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd
    ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg
    kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv
    mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa
    sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug
    uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
    """.split()
)
GENERIC = frozenset(
    """
    academy accountants adult agency ai apartments app art audio auto band bank bar bayern berlin best bet bid bike
    bio biz blog blue boutique build business buzz cafe cam capital cards care careers cash casino cat center ceo chat
    church city click clinic cloud club coach codes coffee college com community company computer consulting contact
    cool coop dating deals delivery design dev digital direct directory doctor dog domains download edu education
    email energy engineer engineering equipment estate events exchange expert faith farm fashion finance financial
    fit fitness football foundation fun fund fyi gallery game games gay gmbh gold golf gov gratis green group guide
    guru hamburg haus health help host hosting hotel house how icu immo info ink institute insure int international
    invest jetzt jobs kaufen kim koeln land lat law legal life limited link live loan lol love ltd management market
    marketing mba media meet men menu mil mobi moda mom money monster museum name net network news ngo ninja nrw
    observer one ong onl online org page partners parts party pet photo photography photos pics pictures pink pizza
    plus poker porn press pro productions promo property pub quest racing recipes red rehab reise reisen rent repair
    report rest restaurant review reviews rip rocks ruhr run saarland sale sbs school schule science scot service
    services sex sexy shop shopping show singles site ski skin soccer social software solar solutions space store
    stream studio style support surf swiss systems tax team tech technology tel theater tips tirol today tools top
    tours town toys trade training travel tube university uno vacations vegas ventures versicherung vet video villas
    vip vision vodka vote voyage watch webcam website wedding wien wiki win wine work works world wtf xxx xyz yoga zip
    zone zuerich рф
    """.split()
)
ALL = COUNTRIES | GENERIC

# Endings that nobody takes for a word after "dot" or "Punkt".
SPOKEN = frozenset(
    "com net org info biz de ch eu io dev app xyz online uk fr nl pl dk se fi ru cn tv ly gg co shop club tech".split()
)
# Endings that are words: "Ende.Am Anfang" lacks a space and is no link.
WORDS = frozenset("am an as at be by do es id im in is it la ma me my no so to us art best plus pro work".split())
# Names and degrees that are written like a domain.
NOT_DOMAINS = frozenset("asp.net vb.net ado.net m.sc b.sc d.sc dr.sc dipl.ing st.st".split())
# Words before "dot net" that no domain begins with.
FILLERS = frozenset(
    "the a an and or in on of our with for my der die das den dem und oder mit im am ein eine unser für".split()
)
