"""What the town's people write to each other in English.

`{you}`, `{me}` first names, `{org}` where both were, `{field}` the writer's work. Keys are trades, "" is for all.
"""

# ruff: noqa: E501  (one turn a line)

TALKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "": (
        (
            "Hello {you}, good to find you here. I think we only ever met in the corridor at {org}. What keeps you busy these days?",
            "Hi {you}! Mostly {field}, and a garden that wins every argument. And you?",
            "Much the same, minus the garden. Let me know when you are in town.",
        ),
        (
            "Hi {you}, do you know who took over the mailing archive when {org} moved offices? I promised somebody a copy.",
            "It went to the basement first and then to Karin, as far as I remember. I can ask her.",
            "Please do, there is no hurry at all.",
        ),
        (
            "Hello {you}, a small question: how do you hand over work when somebody leaves? We have never been good at it.",
            "Four weeks side by side and a paper notebook of questions. The notebook matters more than the weeks.",
            "A notebook it is. Thank you.",
        ),
        ("Thank you for accepting, {you}. I mostly wanted not to lose touch with the people from {org}.",),
        (
            "Do you remember the winter at {org} when the heating failed and we all sat there in coats?",
            "I still have the photograph. Nobody looks as cold as they said they were.",
        ),
    ),
    "software": (
        (
            "Hi {you}, you replaced the billing system at {org}. Would you do it step by step again?",
            "Every time. We ran both for half a year and compared the results each night.",
            "How bad was it in the beginning?",
            "Hundreds of differences in week one, nearly all rounding. Then three real bugs, two of them in the old system.",
        ),
        (
            "Hello {you}, we found out that nobody here has ever restored a backup. Do you practise that?",
            "First Monday of the month, whoever is on the rota, without warning. The first time took two days. Now it takes an hour.",
            "I am stealing that.",
        ),
        (
            "Hi {you}, I am giving a talk on {field} in the autumn. Would you read the slides before?",
            "With pleasure. Kind or honest?",
            "Honest, please. The audience will be kind.",
        ),
        (
            "Who came up with the sensor protocol at {org}? We still maintain it.",
            "Three of us, on a Friday afternoon. I apologise for the byte order.",
        ),
    ),
    "machines": (
        (
            "Hello {you}, our seals are running hot again. Did you not have the same thing at {org}?",
            "We did. It was the cleaning agent, not the seal. After we changed it all was quiet.",
            "Nobody here would have thought of that. We will try it this week.",
        ),
        (
            "Hi {you}, are there any drawings left of the old series? A customer has a dozen of them and loves them.",
            "On paper, in the basement of {org}, second door on the left. I can tell you whom to ask.",
            "You have saved my month.",
        ),
    ),
    "science": (
        (
            "Dear {you}, we would like to evaluate the old series from {org} again. Is the raw data still readable?",
            "The tapes are, the format takes patience. I have notes I once wrote for myself.",
            "That would be a gift. You will be named, of course.",
        ),
        (
            "Hi {you}, how do you treat drift over more than a year?",
            "Piecewise. Every transport starts a new piece, and each piece has its own reference sample.",
            "That explains our step in March. Thank you.",
        ),
    ),
    "care": (
        (
            "Hello {you}, how did you solve weekend handovers at {org}? We keep losing things.",
            "At the bedside, three minutes at most, relatives welcome.",
            "Is three minutes enough?",
            "If the chart is right. If it is not, at least you notice.",
        ),
    ),
    "media": (
        (
            "Hi {you}, which typeface did you use for the series at {org}? We want to set a companion volume.",
            "A quiet grotesque in two weights. The licence was with the publisher.",
            "Then I will ask there. It was beautifully calm.",
        ),
        (
            "Hello {you}, how do you make maps for people who confuse colours?",
            "Patterns first, colour second. Design in grey and you will rarely go wrong.",
        ),
    ),
    "trade": (
        (
            "Hi {you}, our shipments have been stuck in customs for two days each since the change. Yours too?",
            "At first. It was the commodity code in the advance notice. Since we check it by hand all is well.",
            "Exactly the field we suspected. Thank you!",
        ),
        (
            "Hello {you}, do you know a reliable carrier to Bergen?",
            "Two. One is on time, the other calls before he is late. I would take the second.",
        ),
    ),
}
NOTES = (
    "We were at {org} at the same time; I remember it fondly.",
    "You sat two doors further down at {org}. I would like to hear what you do now.",
    "I am collecting memories of {org}. Would you like to join in?",
    "A question about {field}, and greetings from the old days.",
    "I believe we know each other from the canteen at {org}.",
    "",
    "",
)
VOUCHES = (
    "I worked with {you} for two years: thorough, kind, asks first and talks later.",
    "You can take this call, {you} never sells anything.",
    "{you} helped us through a difficult change. The two of you will get on.",
)
PUBLIC_VOUCHES = (
    "At {org} I could rely on {you} when it got tight. I would take that call any day.",
    "{you} listened before deciding. One does not forget that.",
    "We learned a lot from each other at {org}, and I suspect I learned more.",
    "Not one empty promise in all that time. When {you} calls, I have time.",
    "{you} also did the work at {org} that nobody sees.",
)
QUESTION = "Where do we know each other from? I cannot quite place it."
REPLY = "Second floor at {org}, the group across the corridor. You had the red bicycle."
