"""The cast's story: what Ada finds on her desk today, and how it came about."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from accounts.models import Visibility
from frontend.management.town import market
from frontend.management.town.careers import Person
from frontend.management.town.cast import CAST
from frontend.management.town.deeds import Deed, Town
from frontend.management.town.diary import Diary
from frontend.management.town.meetings import DAY, Meeting
from frontend.management.town.neighbours import NEIGHBOURS

HANSEWERK, KRANICH, SUNDVIK = "Hansewerk Antriebstechnik AG", "Kranich Logistik SE", "Sundvik Radio AB"
AGENCY, FAIR, LIST, HARBOUR, STAMMTISCH = (
    "Quandt & Reiher Personalberatung",
    "Elbe Digital Messe",
    "Nordic Sensor Mailing List",
    "Hafenrunde Nord",
    "Linux-Stammtisch Alsterufer",
)


def tell(crowd: Sequence[Person], met: Sequence[Meeting], *, now: datetime) -> Iterator[Deed]:
    """Every deed of the cast; `crowd` lends those whom the locusts approach, `met` says whom Ada knows of them."""
    diary = Diary(now, (*CAST, *NEIGHBOURS))
    for part in (_friends, _adas_desk, _bos_desk, _newcomer, _head_hunter):
        part(diary)
    _impatient(diary, _those_at(KRANICH, crowd)[0].handle)
    _patient(diary, [person.handle for person in _those_at(HANSEWERK, crowd)[:6]])
    _moderators(diary)
    market.deal(diary, crowd, met)
    _vouches(diary, [meeting for meeting in met if meeting.path.recipient.handle == "ada" and meeting.both_there])
    yield from diary.deeds


def _those_at(place: str, crowd: Sequence[Person]) -> list[Person]:
    """People of the crowd, those of that place first, and of them the longest here."""
    return sorted(crowd, key=lambda person: (all(line.place != place for line in person.lines), -person.joined_days))


def _friends(diary: Diary) -> None:
    """Grete is the one whom both Ada and Bo know."""
    diary.meet(280, "ada", "grete", HANSEWERK, "The night of the mainframe move. You brought the soup.")
    diary.meet(250, "grete", "bo_ahrens", HANSEWERK, "Du hast damals die Bänder gerettet.")
    diary.meet(240, "svea_holm", "grete", LIST, "We argued about timestamps for a whole winter.")
    diary.meet(200, "wiebke_thoms", "ada", KRANICH, "Zwei Stockwerke unter dir, seit Jahren.")
    diary.meet(180, "lars_oest", "ada", SUNDVIK, "I still owe you the test bench.", both=False)
    diary.say(
        270,
        "grete",
        "ada",
        "Ada! I kept the list of what went wrong that night. It is shorter than I remembered.",
    )
    diary.say(
        269,
        "ada",
        "grete",
        "Send it along one day. I use that night as an example whenever somebody proposes a big bang.",
    )
    diary.say(268, "grete", "ada", "I will. And come to Potsdam, the wind farm is worth the trip.")
    diary.say(240, "bo_ahrens", "grete", "Grete, hast du noch jemanden von damals aus der Informatik gefunden?")
    diary.say(
        239,
        "grete",
        "bo_ahrens",
        "Ada Lindqvist ist hier. Frag sie ruhig, sie erinnert sich an alle, die nachts da waren.",
    )
    diary.say(170, "lars_oest", "ada", "Ada, does anybody still run the old test bench, or has it become furniture?")
    diary.say(169, "ada", "lars_oest", "It became a coffee table. A very precise one.")


def _adas_desk(diary: Diary) -> None:
    """Two at the door (A and B), two in the tray (C), a question for a vouch, one message unread."""
    _asked_ada(diary)
    _wrote_ada(diary)


def _asked_ada(diary: Diary) -> None:
    diary.ask(
        3,
        "svea_holm",
        "ada",
        SUNDVIK,
        "We shared the lab in the last four years. Writing up how the protocol came about.",
        "grete",
    )
    sentence = (
        "Svea was on the sensor list with me for years: precise, generous, and she only ever writes when it matters."
    )
    diary.on(
        2, Town.vouch, hour=18, asker="svea_holm", recipient="ada", voucher="grete", answer="vouch", sentence=sentence
    )
    diary.ask(
        2,
        "paul_wessels",
        "ada",
        HANSEWERK,
        "Wir haben zusammen die Datenbanken umgezogen. Ich würde gern hören, was daraus wurde.",
    )
    diary.ask(4, "nadja_brandt", "ada", FAIR, "I heard your talk that year and asked the question about test data.")


def _wrote_ada(diary: Diary) -> None:
    diary.ask(
        9,
        "lars_oest",
        "wiebke_thoms",
        HARBOUR,
        "A question about berth timetables, from one of the round.",
        "ada",
    )
    diary.say(
        8,
        "ada",
        "wiebke_thoms",
        "Wiebke, could you look at the new booking screen before we show it to dispatch?",
        hour=9,
    )
    diary.say(8, "wiebke_thoms", "ada", "Of course. Friday morning, with coffee?", hour=11)
    diary.on(8, Town.read, hour=13, reader="ada", writer="wiebke_thoms")
    diary.say(
        1,
        "wiebke_thoms",
        "ada",
        "I went through it twice. Two labels are wrong, the rest is a joy. Shall I come up to you?",
        hour=15,
    )
    diary.on(3, Town.invite, hour=20, inviter="ada", whom="tove", label="Tove from the choir")


def _bos_desk(diary: Diary) -> None:
    diary.ask(6, "paul_wessels", "bo_ahrens", HANSEWERK, "Drei Jahre Schreibtisch an Schreibtisch. Wie geht es dir?")
    diary.say(
        1,
        "grete",
        "bo_ahrens",
        "Bo, bei uns wird jemand für den Betrieb gesucht. Nicht für dich, aber vielleicht kennst du wen?",
        hour=16,
    )


def _newcomer(diary: Diary) -> None:
    diary.on(6, Town.invite, inviter="grete", whom="emil", label="Emil, unser Werkstudent von damals")
    diary.on(4, Town.redeem, hour=20, whom="emil")
    diary.say(
        3, "grete", "emil", "Willkommen, Emil! Schau einmal unter Wegkreuzungen, da sind bestimmt Leute von Kranich."
    )


def _head_hunter(diary: Diary) -> None:
    """Reads two key words and writes to everybody."""
    note = "Ihr Profil passt perfekt! Spannende Rolle, Hidden Champion, Java von Vorteil. Wann können wir sprechen?"
    for days, whom, answer in (
        (44, "lars_oest", "unknown"),
        (43, "wiebke_thoms", "pitch"),
        (42, "paul_wessels", "unknown"),
    ):
        diary.ask(days, "jasper", whom, AGENCY, note)
        diary.on(days - 1, Town.decline, asker="jasper", recipient=whom, answer=answer)
    for days, whom in ((7, "grete"), (6, "bo_ahrens"), (5, "ada")):
        diary.ask(days, "jasper", whom, AGENCY, note)


def _impatient(diary: Diary, somebody: str) -> None:
    """Malte pitches as soon as he may: somebody undid it, he appeals; and to Ada, an hour ago."""
    pitch = "Kurz zu mir: Ich bringe Logistikern planbar vierzig neue Kunden im Quartal. Passt dir Dienstag um zehn?"
    diary.meet(20, "malte", somebody, KRANICH, "Wir hatten damals viel Spaß bei Kranich!", both=False)
    diary.on(12, Town.write, writer="malte", reader=somebody, text=pitch)
    diary.on(11, Town.mark_pitch, writer="malte", reader=somebody)
    words = "Das war kein Verkauf, sondern ein freundliches Angebot unter alten Kollegen. Ich bitte um Prüfung."
    diary.on(10, Town.appeal, writer="malte", reader=somebody, text=words)
    diary.ask(9, "malte", "ada", KRANICH, "We were both in Informatik; I always admired how you ran the releases.")
    diary.on(6, Town.accept, hour=9, asker="malte", recipient="ada", both_there=False)
    diary.say(
        6,
        "malte",
        "ada",
        "Thanks for accepting, Ada! Are you still running the releases every second Thursday?",
        hour=14,
    )
    diary.say(
        5, "ada", "malte", "Every Thursday by now. What did you work on with us? I do not quite remember.", hour=17
    )
    text = (
        "Ha, a bit of everything! What I do today: I help decision makers fill their pipeline, forty qualified leads a"
        " quarter, guaranteed. Teams like yours see results in six weeks. Do you have a quarter of an hour on Tuesday?"
    )
    diary.just_now(55, Town.write, writer="malte", reader="ada", text=text)


def _patient(diary: Diary, crowd: Sequence[str]) -> None:
    """Vanessa was marked twice and declined thrice; now she waits the quiet period out, and is reported."""
    note = "We worked on the same accounts. Would love to reconnect!"
    pitch = (
        "So good to be in touch! We open doors to forty procurement teams. Who decides on partnerships at your place?"
    )
    for days, whom in ((128, crowd[0]), (126, crowd[1])):
        diary.meet(days, "vanessa", whom, HANSEWERK, note, both=False)
        diary.on(days - 3, Town.write, writer="vanessa", reader=whom, text=pitch)
        diary.on(days - 4, Town.mark_pitch, writer="vanessa", reader=whom)
    for days, whom in ((109, crowd[2]), (107, crowd[3]), (105, crowd[4])):
        diary.ask(days, "vanessa", whom, HANSEWERK, note)
        diary.on(days - 1, Town.decline, asker="vanessa", recipient=whom, answer="pitch")
    diary.on(100, Town.block, blocker=crowd[4], other="vanessa")
    patient = crowd[5]
    diary.meet(50, "vanessa", patient, HANSEWERK, note, both=False)
    diary.say(47, "vanessa", patient, "Thank you for accepting! How are things since Hansewerk?")
    diary.say(46, patient, "vanessa", "Fine, thank you. I am not sure we ever met, though.")
    diary.say(3, "vanessa", patient, pitch)
    words = (
        "Kaum war die Schonfrist vorbei, kam die Verkaufsmasche. Wir haben nie zusammengearbeitet; so macht sie das"
        " wohl bei vielen."
    )
    diary.on(2, Town.report, reporter=patient, writer="vanessa", words=words)


def _moderators(diary: Diary) -> None:
    for handle in ("mo_seidel", "tarek"):
        diary.on(430, Town.appoint, handle=handle)


def _vouches(diary: Diary, met: Sequence[Meeting]) -> None:
    """Ada has some words, and some that wait for her; she has given three, of which one waits."""
    diary.meet(290, "tarek", "ada", STAMMTISCH, "Same table, same bad coffee, every second Tuesday.")
    diary.meet(275, "tarek", "grete", LIST, "You wrote the one message of that winter that I kept.")
    sentence = "Grete hat auf der Liste immer erst gefragt, was gemeint war. So jemanden ruft man gern an."
    diary.vouch(210, "tarek", "grete", LIST, sentence, to=Visibility.EVERYONE)
    sentence = "Ada explains hard things without making anybody feel slow. I have watched her do it for years."
    diary.vouch(165, "tarek", "ada", STAMMTISCH, sentence, to=Visibility.EVERYONE)
    sentence = "In der Nacht des Umzugs war Ada die Ruhe selbst. Wenn sie anruft, hebe ich ab."
    diary.vouch(130, "grete", "ada", HANSEWERK, sentence, to=Visibility.MEMBERS)
    sentence = "Grete gets large things done and brings everybody home on time. I would take her call at midnight."
    diary.vouch(120, "ada", "grete", HANSEWERK, sentence, to=Visibility.EVERYONE)
    sentence = "Wiebke knows what dispatch needs before dispatch does. Listen to her."
    diary.vouch(60, "ada", "wiebke_thoms", KRANICH, sentence, to=Visibility.MEMBERS)
    diary.offer(
        2, "wiebke_thoms", "ada", KRANICH, "Ada fragt, bevor sie baut. Mit ihr wird aus einem Wunsch ein Werkzeug."
    )
    lasting = [meeting for meeting in met if meeting.accepted and meeting.parted is None]
    known = sorted(lasting, key=lambda meeting: -meeting.path.asker.joined_days)
    for meeting, days in zip(known, (1, 75), strict=False):
        if meeting.path.asker.joined_days > days + 95 and meeting.answered < diary.now - (days + 1) * DAY:
            sentence = "What Ada promises is there on the day. I would work with her again at once."
            handle, line = meeting.path.asker.handle, meeting.path.line
            diary.on(days, Town.offer_vouch, hour=13, voucher=handle, subject="ada", line=line, sentence=sentence)
            if days > 10:
                both = {"voucher": handle, "subject": "ada", "visible_to": int(Visibility.CONTACTS)}
                diary.on(days - 3, Town.countersign_vouch, hour=19, **both)
    if known:
        last = known[-1].path
        words = "Calm, exact, and kind to newcomers: I remember that well."
        about = {"voucher": "ada", "subject": last.asker.handle, "line": last.their_line, "sentence": words}
        if known[-1].answered < diary.now - 6 * DAY:
            diary.on(4, Town.offer_vouch, hour=21, **about)
