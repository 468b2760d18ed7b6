"""The languages that a disc can tell apart: ISO 639-1, and what people write instead of its two letters."""

from difflib import get_close_matches
from functools import cache

_TABLE = """
aa aar Afar; ab abk Abkhazian; ae ave Avestan; af afr Afrikaans; ak aka Akan; am amh Amharic; an arg Aragonese;
ar ara Arabic; as asm Assamese; av ava Avaric; ay aym Aymara; az aze Azerbaijani; ba bak Bashkir; be bel
Belarusian; bg bul Bulgarian; bh bih Bihari languages; bi bis Bislama; bm bam Bambara; bn ben Bengali; bo
bod/tib Tibetan; br bre Breton; bs bos Bosnian; ca cat Catalan; ce che Chechen; ch cha Chamorro; co cos
Corsican; cr cre Cree; cs ces/cze Czech; cu chu Church Slavic; cv chv Chuvash; cy cym/wel Welsh; da dan Danish;
de deu/ger German; dv div Divehi; dz dzo Dzongkha; ee ewe Ewe; el ell/gre Greek; en eng English; eo epo
Esperanto; es spa Spanish; et est Estonian; eu eus/baq Basque; fa fas/per Persian; ff ful Fulah; fi fin Finnish;
fj fij Fijian; fo fao Faroese; fr fra/fre French; fy fry Western Frisian; ga gle Irish; gd gla Gaelic; gl glg
Galician; gn grn Guarani; gu guj Gujarati; gv glv Manx; ha hau Hausa; he heb Hebrew; hi hin Hindi; ho hmo Hiri
Motu; hr hrv Croatian; ht hat Haitian; hu hun Hungarian; hy hye/arm Armenian; hz her Herero; ia ina Interlingua;
id ind Indonesian; ie ile Interlingue; ig ibo Igbo; ii iii Sichuan Yi; ik ipk Inupiaq; io ido Ido; is isl/ice
Icelandic; it ita Italian; iu iku Inuktitut; ja jpn Japanese; jv jav Javanese; ka kat/geo Georgian; kg kon
Kongo; ki kik Kikuyu; kj kua Kuanyama; kk kaz Kazakh; kl kal Kalaallisut; km khm Central Khmer; kn kan Kannada;
ko kor Korean; kr kau Kanuri; ks kas Kashmiri; ku kur Kurdish; kv kom Komi; kw cor Cornish; ky kir Kirghiz; la
lat Latin; lb ltz Luxembourgish; lg lug Ganda; li lim Limburgan; ln lin Lingala; lo lao Lao; lt lit Lithuanian;
lu lub Luba-Katanga; lv lav Latvian; mg mlg Malagasy; mh mah Marshallese; mi mri/mao Maori; mk mkd/mac
Macedonian; ml mal Malayalam; mn mon Mongolian; mr mar Marathi; ms msa/may Malay; mt mlt Maltese; my mya/bur
Burmese; na nau Nauru; nb nob Norwegian Bokmål; nd nde North Ndebele; ne nep Nepali; ng ndo Ndonga; nl nld/dut Dutch;
nn nno Norwegian Nynorsk; no nor Norwegian; nr nbl South Ndebele; nv nav Navajo; ny nya Chichewa; oc oci Occitan; oj
oji Ojibwa; om orm Oromo; or ori Oriya; os oss Ossetian; pa pan Panjabi; pi pli Pali; pl pol Polish; ps pus
Pushto; pt por Portuguese; qu que Quechua; rm roh Romansh; rn run Rundi; ro ron/rum Romanian; ru rus Russian; rw
kin Kinyarwanda; sa san Sanskrit; sc srd Sardinian; sd snd Sindhi; se sme Northern Sami; sg sag Sango; si sin
Sinhala; sk slk/slo Slovak; sl slv Slovenian; sm smo Samoan; sn sna Shona; so som Somali; sq sqi/alb Albanian;
sr srp Serbian; ss ssw Swati; st sot Sotho; su sun Sundanese; sv swe Swedish; sw swa Swahili; ta tam Tamil; te
tel Telugu; tg tgk Tajik; th tha Thai; ti tir Tigrinya; tk tuk Turkmen; tl tgl Tagalog; tn tsn Tswana; to ton
Tongan; tr tur Turkish; ts tso Tsonga; tt tat Tatar; tw twi Twi; ty tah Tahitian; ug uig Uighur; uk ukr
Ukrainian; ur urd Urdu; uz uzb Uzbek; ve ven Venda; vi vie Vietnamese; vo vol Volapük; wa wln Walloon; wo wol
Wolof; xh xho Xhosa; yi yid Yiddish; yo yor Yoruba; za zha Zhuang; zh zho/chi Chinese; zu zul Zulu
"""
"""Code of ISO 639-1, codes of ISO 639-2 (terminological, bibliographic where that is another), English name."""

_FORMER = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}
"""Codes that ISO 639-1 has given up."""


@cache
def languages() -> dict[str, str]:
    """English names by the codes of ISO 639-1."""
    return {row.split()[0]: row.split(maxsplit=2)[2] for row in _rows()}


def _rows() -> tuple[str, ...]:
    return tuple(" ".join(row.split()) for row in _TABLE.split(";"))


@cache
def _by_other_words() -> dict[str, str]:
    """Two letters by all that may be written instead: three letters, names, former codes."""
    found: dict[str, str] = dict(_FORMER)
    for row in _rows():
        code, longer, name = row.split(maxsplit=2)
        found |= {name.casefold(): code, **dict.fromkeys(longer.split("/"), code)}
    return found


def code_meant(word: str) -> str | None:
    """The code of ISO 639-1 that somebody who wrote ``word`` may have meant: ``spa``, ``Spanish`` and ``es-MX`` are
    ``es``. None where nothing is like it."""
    told = word.strip().casefold()[:40]
    first = told.replace("_", "-").split("-")[0]
    for one in (told, first):
        if one in languages():
            return one
        if one in _by_other_words():
            return _by_other_words()[one]
    names = [name for name in _by_other_words() if len(name) > 3]
    close = get_close_matches(told, names, n=1, cutoff=0.75)
    return _by_other_words()[close[0]] if close else None
