"""The words that music is searched with, for each mood and language.

Spotify's search looks at titles, artists, albums and genres, not at how music sounds, so these are words that people
give to such music. `ANY` is searched in every language: names of genres are the same everywhere.
"""

from __future__ import annotations

import random

LANGUAGES: dict[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "sv": "Svenska",
}

ANY: dict[str, tuple[str, ...]] = {
    "angry": ("hard rock", "metal", "punk rock", "industrial"),
    "disgust": ("grunge", "garage rock", "noise rock", "trip hop"),
    "fear": ("dark ambient", "darkwave", "post rock", "soundtrack suspense"),
    "happy": ("funk", "disco", "soul", "ska"),
    "sad": ("slowcore", "singer songwriter", "blues", "piano solo"),
    "surprise": ("electro swing", "art pop", "balkan brass", "math rock"),
    "neutral": ("lo-fi", "bossa nova", "chillout", "acoustic"),
}

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "angry": ("angry", "rage", "fight", "burn it down"),
        "disgust": ("disgust", "bitter", "cynical", "sick of it"),
        "fear": ("fear", "haunted", "shadows", "nightmare"),
        "happy": ("happy", "feel good", "sunshine", "good day"),
        "sad": ("sad", "heartbreak", "lonely", "rainy day"),
        "surprise": ("surprise", "wow", "unexpected", "magic"),
        "neutral": ("calm", "easy", "slow morning", "peaceful"),
    },
    "de": {
        "angry": ("Wut", "wütend", "Zorn", "Feuer"),
        "disgust": ("Ekel", "bitter", "satt", "Dreck"),
        "fear": ("Angst", "Schatten", "Albtraum", "dunkel"),
        "happy": ("glücklich", "gute Laune", "Sonnenschein", "tanzen"),
        "sad": ("traurig", "Liebeskummer", "einsam", "Regen"),
        "surprise": ("Überraschung", "Wunder", "plötzlich", "Magie"),
        "neutral": ("ruhig", "gelassen", "Sonntagmorgen", "Stille"),
    },
    "es": {
        "angry": ("rabia", "furia", "fuego", "guerra"),
        "disgust": ("asco", "amargo", "harto", "veneno"),
        "fear": ("miedo", "sombras", "pesadilla", "oscuridad"),
        "happy": ("feliz", "alegría", "fiesta", "sol"),
        "sad": ("triste", "desamor", "soledad", "lluvia"),
        "surprise": ("sorpresa", "magia", "locura", "de repente"),
        "neutral": ("tranquilo", "calma", "mañana", "suave"),
    },
    "fr": {
        "angry": ("colère", "rage", "feu", "révolte"),
        "disgust": ("dégoût", "amer", "poison", "ras le bol"),
        "fear": ("peur", "ombres", "cauchemar", "la nuit"),
        "happy": ("heureux", "bonne humeur", "soleil", "danser"),
        "sad": ("triste", "chagrin", "solitude", "pluie"),
        "surprise": ("surprise", "magie", "étonnant", "soudain"),
        "neutral": ("calme", "doucement", "dimanche matin", "tranquille"),
    },
    "it": {
        "angry": ("rabbia", "furia", "fuoco", "guerra"),
        "disgust": ("schifo", "amaro", "veleno", "disgusto"),
        "fear": ("paura", "ombre", "incubo", "buio"),
        "happy": ("felice", "allegria", "sole", "ballare"),
        "sad": ("triste", "cuore spezzato", "solitudine", "pioggia"),
        "surprise": ("sorpresa", "magia", "meraviglia", "all'improvviso"),
        "neutral": ("calma", "piano piano", "domenica mattina", "sereno"),
    },
    "nl": {
        "angry": ("boos", "woede", "vuur", "vechten"),
        "disgust": ("walging", "bitter", "zat", "vies"),
        "fear": ("bang", "schaduw", "nachtmerrie", "donker"),
        "happy": ("gelukkig", "vrolijk", "zonneschijn", "dansen"),
        "sad": ("verdrietig", "liefdesverdriet", "eenzaam", "regen"),
        "surprise": ("verrassing", "magie", "wonder", "opeens"),
        "neutral": ("rustig", "kalm", "zondagochtend", "stil"),
    },
    "pl": {
        "angry": ("złość", "gniew", "ogień", "wściekłość"),
        "disgust": ("wstręt", "gorzki", "mam dość", "trucizna"),
        "fear": ("strach", "cienie", "koszmar", "ciemność"),
        "happy": ("szczęśliwy", "radość", "słońce", "tańcz"),
        "sad": ("smutek", "złamane serce", "samotność", "deszcz"),
        "surprise": ("niespodzianka", "magia", "cud", "nagle"),
        "neutral": ("spokój", "cisza", "niedziela", "powoli"),
    },
    "pt": {
        "angry": ("raiva", "fúria", "fogo", "guerra"),
        "disgust": ("nojo", "amargo", "cansei", "veneno"),
        "fear": ("medo", "sombras", "pesadelo", "escuridão"),
        "happy": ("feliz", "alegria", "festa", "sol"),
        "sad": ("triste", "saudade", "solidão", "chuva"),
        "surprise": ("surpresa", "magia", "de repente", "maravilha"),
        "neutral": ("calma", "tranquilo", "manhã", "devagar"),
    },
    "sv": {
        "angry": ("arg", "ilska", "eld", "raseri"),
        "disgust": ("avsky", "bitter", "trött på", "gift"),
        "fear": ("rädd", "skuggor", "mardröm", "mörker"),
        "happy": ("glad", "lycklig", "solsken", "dansa"),
        "sad": ("ledsen", "hjärtesorg", "ensam", "regn"),
        "surprise": ("överraskning", "magi", "plötsligt", "under"),
        "neutral": ("lugn", "stilla", "söndagsmorgon", "sakta"),
    },
}


def searches(label: str, language: str, count: int, chance: random.Random) -> list[str]:
    """Choose what to search for: the plainest word, more in the owner's language (English if unknown), then genres."""
    plain, *others = WORDS.get(language, WORDS["en"])[label]
    spoken = [plain, *chance.sample(others, min(len(others), (count - 1) // 2))]
    return spoken + chance.sample(ANY[label], min(len(ANY[label]), count - len(spoken)))
