import numpy as np
import pytest

from core.jobs import Job, JobCancelled
from core.learning.data_check.languages import languages_of, minorities, script_of
from core.learning.data_check.lengths import estimated_tokens, lengths
from core.learning.data_check.neighbours import nearest
from core.learning.data_check.outliers import outliers
from core.learning.data_check.personal_data import hits_in, masked, personal_data

ENGLISH = "The delivery of my order was late again and nobody answered the phone."
GERMAN = "Die Lieferung meiner Bestellung kam schon wieder viel zu spät bei uns an."
RUSSIAN = "Доставка моего заказа снова опоздала, и мы не знаем, что нам теперь делать."


def test_empty_short_and_long_texts_are_told_apart():
    texts = ["", " \n", "?!…", "ok", "好的", "a usual text", "word " * 300, "长" * 300]
    found = lengths(texts, Job(), most_tokens=256)
    assert found.empty.tolist() == [0, 1, 2]
    assert found.very_short.tolist() == [3]
    assert found.too_long.tolist() == [6, 7]


def test_tokens_are_counted_by_the_model_where_it_is_known_and_only_for_long_texts():
    asked = []

    def count(texts):
        asked.extend(texts)
        return [len(text.split()) for text in texts]

    texts = ["one two three four", "onetwothreefourfive", "short"]
    found = lengths(texts, Job(), most_tokens=5, count_tokens=count)
    assert (found.too_long.tolist(), asked) == ([], texts[:2])
    assert lengths(texts, Job(), most_tokens=3, count_tokens=count).too_long.tolist() == [0]


def test_a_wide_sign_counts_as_a_token_and_four_letters_as_one():
    assert (estimated_tokens("abcdefgh"), estimated_tokens("你好abcd"), estimated_tokens("")) == (
        2,
        3,
        0,
    )


def test_minority_languages_and_scripts_are_found_and_the_majority_is_not():
    texts = [ENGLISH] * 20 + [GERMAN, RUSSIAN, "ok", ""]
    found = languages_of(texts, Job())
    languages, scripts = minorities(found.languages), minorities(found.scripts)
    assert {kind: texts.tolist() for kind, texts in languages.items()} == {"de": [20], "ru": [21]}
    assert {kind: texts.tolist() for kind, texts in scripts.items()} == {"cyrillic": [21]}


@pytest.mark.parametrize("text", ["", "ok", "Danke!", "12345 67890 12345 67890", "\U0001f600" * 30])
def test_a_text_too_short_to_tell_has_no_language(text):
    assert languages_of([text], Job()).languages == ("",)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("hello", "latin"), ("Grüße", "latin"), ("Привет", "cyrillic"), ("你好", "cjk"),
        ("こんにちは世界", "hiragana"), ("カタカナ", "katakana"), ("酒店的の位置很好房间", "cjk"),
        ("안녕", "hangul"), ("ＡＢＣ", "latin"), ("مرحبا", "arabic"), ("123 !", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_script_of_a_text(text, script):
    assert script_of(text) == script


def test_nothing_and_one_language_have_no_minority():
    assert minorities(()) == {}
    assert minorities(("en",)) == {}
    assert minorities(("", "", "en")) == {}


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("mail jo.doe+x@example.co.uk, thanks", "mail [e-mail], thanks"),
        ("IBAN DE89 3704 0044 0532 0130 00 and more", "IBAN [IBAN] and more"),
        ("to GB82WEST12345698765432.", "to [IBAN]."),
        ("card 4111 1111 1111 1111 expired", "card [card number] expired"),
        ("amex 378282246310005", "amex [card number]"),
        ("reach me at +49 30 901820", "reach me at [phone number]"),
        ("call 212-555-0123 now", "call [phone number] now"),
        ("Tel. 030/901820", "Tel. [phone number]"),
        ("ruf mich an: 01711234567", "ruf mich an: [phone number]"),
        ("020 7946 0958 is mine", "[phone number] is mine"),
        (r"see C:\Users\anna\cv.docx now", "see [file] now"),
        ("~/cv.txt or /media/anna/cv.txt", "[file] or [file]"),
        ("in report_final.pdf, please", "in [file], please"),
        ("a@b.org or c@d.org", "[e-mail] or [e-mail]"),
    ],
)
def test_personal_data_is_found_and_masked(text, clean):
    assert masked(text, hits_in(text)) == clean


@pytest.mark.parametrize(
    "text",
    [
        "", "order number 2127365000",
        "order 212-736-5000", "invoice 0301234567", "2024-01-15 12:30",
        "15.01.2024 to 16.01.2024", "01.02.2023 10:00", "price 1.234.567,00 EUR", "1 000 000 000",
        "card 4111 1111 1111 1112", "DE88 3704 0044 0532 0130 00", "12345678901234567890",
        "2010-2020 and 1990-2000", "v1.2.3, e.g. this", "192.168.100.200", "@handle", "and/or 24/7",
        "5 10 15 20 25 30 35", "7-6 6-4 6-3 6-4", "tracking 1Z999AA10123456784",
        "see www.doc.example.org",
    ],
)  # fmt: skip
def test_order_numbers_dates_and_prices_are_no_personal_data(text):
    assert hits_in(text) == ()


def test_only_texts_with_personal_data_are_reported():
    found = personal_data(["nothing", "a@b.org", ""], Job())
    assert list(found) == [1]
    assert (found[1][0].kind, found[1][0].start, found[1][0].end) == ("e-mail", 0, 7)


def test_phone_numbers_of_a_country_are_known_when_it_is_named():
    assert hits_in("030 901820", regions=["US"]) == ()
    assert [hit.kind for hit in hits_in("030 901820", regions=["US", "DE"])] == ["phone"]


def topics(n, seed=0):
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(5, 64)) + 1
    vectors = centres[rng.integers(0, 5, n)] + 0.7 * rng.normal(size=(n, 64))
    return vectors, rng


def test_texts_off_topic_are_found_the_strangest_first():
    vectors, rng = topics(1_000)
    vectors[::100] = rng.normal(size=(10, 64)) * 2
    found = outliers(nearest(vectors, Job()))
    assert set(range(0, 1_000, 100)) <= set(found.texts.tolist())
    assert len(found.texts) <= 15
    assert (np.diff(found.deviations) <= 0).all()


def test_hardly_a_text_is_off_topic_in_homogeneous_data():
    vectors, _rng = topics(2_000, seed=1)
    assert len(outliers(nearest(vectors, Job())).texts) <= 4


@pytest.mark.parametrize("n_texts", [0, 1, 2, 29])
def test_a_few_texts_have_no_outliers(n_texts):
    assert len(outliers(nearest(np.eye(64)[:n_texts], Job())).texts) == 0


@pytest.mark.parametrize("check", [
    lambda job: lengths(["a"], job, most_tokens=1),
    lambda job: languages_of(["a"], job),
    lambda job: personal_data(["a"], job),
])  # fmt: skip
def test_checks_of_texts_can_be_stopped(impatient, check):
    with pytest.raises(JobCancelled):
        check(impatient(0))


def test_no_texts_are_no_trouble():
    assert len(lengths([], Job(), most_tokens=5).empty) == 0
    assert languages_of([], Job()).languages == ()
    assert personal_data([], Job()) == {}
