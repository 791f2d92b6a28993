"""The few words by which canned answers are chosen, in English, Turkish, Russian, Persian and Portuguese."""

import re

SCRIPTS = (
    ("fa", re.compile(r"[\u0600-\u06ff]{2}")),
    ("ru", re.compile(r"[\u0400-\u04ff]{2}")),
    ("tr", re.compile(r"[ğışĞİŞ]|(?i:\b(?:merhaba|sipari|teşekk|iade)\w*)")),
    ("pt", re.compile(r"[ãõç]|\b(?:olá|pedido|obrigad[oa]|não|reembolso)\b", re.IGNORECASE)),
)
STOPWORDS = frozenset(
    (
        "ticket", "order", "orders", "subject", "says", "message", "with", "from", "this", "that", "have", "what", "when",
        "please", "hello", "customer",
    )
)  # fmt: skip


def _any(words: str) -> re.Pattern[str]:
    """Beginnings of words, or of parts of words: languages that inflect do so at the end."""
    return re.compile(
        r"\b(?:" + "|".join(re.escape(word.replace("_", " ")) for word in words.split()) + ")", re.IGNORECASE
    )


INTENTS = (
    ("refund", _any("refund money_back chargeback iade geri_öde paramı верн возврат بازگشت_وجه پولم پس_بد reembols estorn devolv")),
    ("refill", _any("refill drop lost_followers telafi düşt düşü восстанов отписал списал упал ریفیل ریزش جبران reposi caiu caíram")),
    ("cancel", _any("cancel iptal отмен لغو کنسل cancelar cancele")),
    ("wrong_link", _any("wrong_link wrong_url yanlış_link yanlış_bağlantı не_та_ссылк неверн_ссылк لینک_اشتباه link_errado")),
    ("payment", _any("payment deposit top_up balance ödeme bakiye  оплат баланс пополн پرداخت موجودی شارژ pagamento saldo depósito pix")),
    ("not_delivered", _any("not_delivered not_received gelmedi ulaşmadı eksik не_приш не_получ نرسید تحویل não_recebi não_chegou")),
    ("not_started", _any("not_start hasn't_start pending başlamadı beklemede не_нача شروع_نشد não_começou não_iniciou pendente")),
    ("speed_up", _any("speed slow faster hızlan yavaş ускор медленн быстрее سریع کند acelerar lento demora")),
    ("account", _any("password login account e-mail şifre hesab парол аккаунт رمز حساب senha conta")),
    ("question", _any("how what which can_you do_you nasıl ne_zaman hangi как сколько можно چطور آیا چگونه como qual quanto")),
    ("thanks", _any("thank thanks teşekkür sağol спасибо ممنون متشکر مرسی obrigad")),
)  # fmt: skip
URGENT = _any(
    "urgent immediately asap chargeback dispute scam days acil hemen şikayet dolandır срочно обман жалоб "
    "فوری کلاهبرد شکایت urgente imediatamente golpe"
)


def language(text: str) -> str:
    return next((code for code, script in SCRIPTS if script.search(text)), "en")
