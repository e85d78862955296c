"""What the town's people write to each other in German.

`{you}`, `{me}` first names, `{org}` where both were, `{field}` the writer's work. Keys are trades, "" is for all.
"""

# ruff: noqa: E501  (one turn a line)

TALKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "": (
        (
            "Hallo {you}, schön, dass du hier bist. Bei {org} haben wir uns wohl nur auf dem Flur gesehen. Was machst du heute?",
            "Hallo {you}! Ja, das Treppenhaus kenne ich noch auswendig. Heute mache ich vor allem {field}, und es gefällt mir.",
            "Das klingt gut. Wenn du einmal wieder in der Gegend bist: Kaffee geht auf mich.",
        ),
        (
            "Moin {you}, ich suche jemanden, der sich noch an die letzten Monate bei {org} erinnert. Weißt du, wer das Archiv übernommen hat?",
            "Moin, das hat damals die Verwaltung mitgenommen, in zwei grauen Schränken. Ich frage gern nach.",
            "Danke dir. Es geht um die Festschrift, nichts Eiliges.",
            "Habe nachgefragt: Die Schränke stehen noch. Man darf nach Anmeldung hinein.",
        ),
        (
            "Hallo {you}, eine kurze Frage unter Leuten vom Fach: Wie habt ihr nach {org} die Übergabe geregelt, wenn jemand geht?",
            "Ganz schlicht: vier Wochen zu zweit, und die Fragen kommen in ein Heft. Das Heft ist besser als jedes System.",
            "Das Heft probieren wir aus. Danke!",
        ),
        (
            "Liebe Grüße aus der Elternzeit! Ab dem Frühjahr bin ich wieder im Beruf und sammle Ideen. Bist du noch bei {field}?",
            "Glückwunsch, {you}! Ja, noch immer. Melde dich, wenn du wieder da bist, dann erzähle ich, was sich geändert hat.",
        ),
        ("Hallo {you}, danke fürs Annehmen. Ich wollte vor allem die Verbindung von {org} nicht verlieren.",),
        (
            "Weißt du noch, {you}, wie bei {org} im Winter die Heizung ausfiel und alle in Mänteln saßen?",
            "Und der Glühwein um elf Uhr vormittags. Beste Besprechung des Jahres.",
        ),
    ),
    "software": (
        (
            "Hallo {you}, ihr habt doch bei {org} die alte Abrechnung abgelöst. Würdest du es wieder in kleinen Schritten machen?",
            "Immer. Wir haben beide Systeme ein halbes Jahr nebeneinander laufen lassen und jede Nacht verglichen.",
            "Wie viele Abweichungen waren es am Anfang?",
            "In der ersten Woche Hunderte, fast alle Rundung. Danach drei echte Fehler, und zwei davon steckten im alten System.",
        ),
        (
            "Moin {you}, wir überlegen, die Nachtläufe vom Großrechner zu holen. Hast du Erfahrung damit?",
            "Ja, und einen Rat: zuerst messen, welche Läufe überhaupt noch jemand liest. Bei uns waren es die Hälfte.",
            "Das hätte ich nicht gedacht. Wir fangen mit der Liste an.",
        ),
        (
            "{you}, bei der Sicherung gestern ist aufgefallen, dass niemand je eine zurückgespielt hat. Macht ihr das regelmäßig?",
            "Jeden ersten Montag, reihum, ohne Ankündigung. Beim ersten Mal hat es zwei Tage gedauert, heute eine Stunde.",
        ),
        (
            "Hallo {you}, ich halte im Herbst einen Abend über {field}. Magst du vorher die Folien lesen?",
            "Gern, schick sie mir nächste Woche. Kritisch oder freundlich?",
            "Kritisch, bitte. Freundlich ist das Publikum.",
        ),
        (
            "Wer hat eigentlich bei {org} das Protokoll für die Messwerte erfunden? Wir pflegen es bis heute.",
            "Das war ein Freitagnachmittag zu dritt. Es tut mir leid wegen der Bytereihenfolge.",
            "Sie ist inzwischen Folklore. Die Neuen bekommen eine Tasse damit.",
        ),
    ),
    "machines": (
        (
            "Hallo {you}, bei uns laufen wieder Dichtungen heiß. Ihr hattet bei {org} doch denselben Fall?",
            "Ja, es lag am Mittel, nicht an der Dichtung. Nach dem Wechsel des Reinigers war Ruhe.",
            "Darauf wäre hier niemand gekommen. Wir prüfen es diese Woche.",
            "Sag mir bitte, was herauskommt. Ich führe darüber Buch.",
        ),
        (
            "Moin {you}, gibt es von der alten Baureihe noch Zeichnungen? Der Kunde hat zwölf Stück und will sie behalten.",
            "Auf Papier im Keller von {org}, zweite Tür links. Ich kann dir sagen, wen du fragst.",
            "Herzlichen Dank, das rettet mir den Monat.",
        ),
        (
            "{you}, wie legt ihr heute die Prüfzyklen aus? Unsere Zahlen stammen noch aus unserer Zeit bei {org}.",
            "Wir haben sie verdoppelt und dafür die Last gesenkt. Findet mehr und kostet weniger.",
        ),
        (
            "Fährst du im Herbst zum Forum nach Hannover?",
            "Ja, am zweiten Tag. Wollen wir uns den Vortrag über {field} zusammen anhören?",
            "Abgemacht, ich halte dir einen Platz frei.",
        ),
    ),
    "science": (
        (
            "Guten Tag {you}, wir wollen die alten Messreihen von {org} neu auswerten. Sind die Rohdaten noch lesbar?",
            "Die Bänder ja, das Format nur mit Geduld. Ich habe eine Beschreibung, die ich damals für mich geschrieben habe.",
            "Das wäre ein Geschenk. Wir nennen dich natürlich.",
        ),
        (
            "Hallo {you}, hast du Erfahrung mit der Drift dieser Geräte über mehr als ein Jahr?",
            "Leider ja. Wir eichen jeden Monat gegen dieselbe Probe und rechnen die Drift heraus.",
            "Linear oder stückweise?",
            "Stückweise. Nach jedem Transport beginnt ein neues Stück.",
        ),
        (
            "Wir schreiben gerade einen Antrag über {field}. Wärst du als Gutachterin oder Gutachter befangen, {you}?",
            "Wegen {org}: ja, besser jemand anderes. Aber lesen kann ich ihn vorab gern.",
        ),
    ),
    "care": (
        (
            "Hallo {you}, wie habt ihr bei {org} die Übergabe am Wochenende gelöst? Bei uns geht immer etwas verloren.",
            "Am Bett statt im Zimmer, höchstens drei Minuten, und die Angehörigen dürfen dabei sein.",
            "Drei Minuten reichen?",
            "Wenn die Kurve stimmt. Wenn nicht, merkt man es dann wenigstens.",
        ),
        (
            "Moin {you}, wir stellen auf die elektronische Akte um. Was würdest du heute anders machen?",
            "Mit der Nachtschicht anfangen. Die hat Zeit zum Fragen und sagt, was nicht geht.",
        ),
        (
            "Hast du noch Kontakt zu den anderen vom Jahrgang bei {org}? Wir planen ein Treffen.",
            "Zu vieren. Ich frage sie, ob ich dir ihre Namen nennen darf.",
            "So ist es richtig, danke.",
        ),
    ),
    "media": (
        (
            "Hallo {you}, wir suchen für ein Buch die Schrift, die ihr bei {org} für die Reihe hattet. Weißt du noch, welche?",
            "Eine Grotesk aus Offenbach, nur in zwei Schnitten. Die Lizenz lag beim Verlag.",
            "Dann frage ich dort. Der Satz war wunderbar ruhig.",
        ),
        (
            "{you}, wie macht ihr eure Karten für Menschen, die Farben schlecht unterscheiden?",
            "Muster zuerst, Farbe danach. Wer in Grau gestaltet, macht selten etwas falsch.",
            "Das hänge ich mir über den Tisch.",
        ),
        (
            "Moin {you}, stimmt es, dass das Bildarchiv von {org} noch existiert?",
            "Ja, beim Stadtarchiv, und gut verzeichnet. Nimm dir einen Tag Zeit.",
        ),
    ),
    "trade": (
        (
            "Hallo {you}, seit dem neuen Verfahren hängen unsere Sendungen zwei Tage beim Zoll. Euch auch?",
            "Am Anfang ja. Es lag an der Warennummer in der Vorabmeldung. Seit wir sie von Hand prüfen, läuft es.",
            "Genau die Stelle hatten wir im Verdacht. Danke!",
        ),
        (
            "Moin {you}, kennst du einen verlässlichen Spediteur nach Bergen?",
            "Zwei. Der eine ist pünktlich, der andere ruft an, bevor er unpünktlich ist. Ich nähme den zweiten.",
            "Überredet. Stellst du uns einander vor?",
            "Mache ich, ich frage ihn heute Abend.",
        ),
        (
            "{you}, wie habt ihr bei {org} die Inventur ohne Stillstand gemacht?",
            "Jeden Tag ein Gang, ein ganzes Jahr lang. Langweilig und genau.",
        ),
    ),
}
NOTES = (
    "Wir waren zur selben Zeit bei {org}; ich erinnere mich gern daran.",
    "Du saßt damals bei {org} zwei Türen weiter. Ich würde gern hören, was du heute machst.",
    "Bei {org} haben wir am selben Vorhaben gearbeitet, nur in verschiedenen Schichten.",
    "Ich sammle Erinnerungen an die Zeit bei {org}. Magst du mitreden?",
    "Eine Fachfrage zu {field}, und einen Gruß von früher.",
    "Wir kennen uns aus der Kantine von {org}, glaube ich.",
    "",
    "",
)
VOUCHES = (
    "Mit {you} habe ich zwei Jahre lang gearbeitet: gründlich, freundlich, fragt erst und redet dann.",
    "Bei {you} kannst du den Hörer abnehmen, da kommt kein Verkaufsgespräch.",
    "{you} hat uns in einer schwierigen Umstellung sehr geholfen. Ihr werdet euch verstehen.",
    "Ich kenne {you} seit {org}. Das Anliegen ist ehrlich.",
)
PUBLIC_VOUCHES = (
    "Bei {org} konnte ich mich auf {you} verlassen, auch wenn es eng wurde. Ich würde jederzeit abheben.",
    "{you} hat zugehört, bevor entschieden wurde. Das vergisst man nicht.",
    "Wir haben bei {org} viel voneinander gelernt, und ich wohl mehr als {you}.",
    "Kein leeres Versprechen in all der Zeit. Wenn {you} anruft, habe ich Zeit.",
    "{you} hat bei {org} auch die Arbeit gemacht, die niemand sieht.",
)
QUESTION = "Woher kennen wir uns? Ich komme gerade nicht darauf."
REPLY = "Aus dem zweiten Stock bei {org}, ich war in der Gruppe gegenüber. Du hattest damals das rote Fahrrad."
