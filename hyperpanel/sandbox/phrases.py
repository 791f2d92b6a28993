"""What customers and staff write to each other, by language and by what it is about. `{}` stands for the numbers."""

REFILL, CANCEL, SPEED, START, PARTIAL, MONEY, OTHER = (
    "Refill",
    "Cancel",
    "Speed Up",
    "Not Started",
    "Partial",
    "Payment",
    "Other",
)

OPENINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        REFILL: ("Refill please {}", "{}\nrefill", "these dropped a lot, please refill: {}", "Order {} dropped more than half. It says R30."),
        CANCEL: ("cancel {}", "Please cancel and refund order {}, it waits too long.", "{} cancel pls"),
        SPEED: ("speed up {}", "{} is very slow, can you push it?", "Please speed up {} 🙏 my client is waiting"),
        START: ("{} not started yet", "When will {} start? It says 0-1 hour.", "Order {} still pending!!"),
        PARTIAL: ("why is {} partial?", "{} came partial, I need all of it", "Partial again: {}. Where is the rest?"),
        MONEY: ("I paid but the balance is not here", "Payment {} still waiting, sent it 2 hours ago", "paid twice, please check {}"),
        OTHER: ("Do you have an API for refills?", "what is the cheapest service for Turkey?", "can i get a discount, I order a lot", "?"),
    },
    "tr": {
        REFILL: ("{} telafi lütfen", "Merhaba, {} numaralı sipariş düştü, telafi yapar mısınız?", "{}\ntelafi"),
        CANCEL: ("{} iptal", "{} iptal edilsin lütfen, çok bekledi", "Siparişi iptal edip bakiyemi iade edin: {}"),
        SPEED: ("{} hızlandırır mısınız", "çok yavaş gidiyor {} acil hızlandırın", "{} hızlandırma"),
        START: ("{} başlamadı hâlâ", "Sipariş {} ne zaman başlar?", "{} beklemede kaldı İLGİLENİN"),
        PARTIAL: ("{} kısmi olmuş neden?", "{} eksik geldi", "kısmi tamamlandı diyor ama iade yok {}"),
        MONEY: ("ödeme yaptım bakiye gelmedi", "{} nolu ödemem bekliyor, dekont ekte", "havale yaptım onaylar mısınız"),
        OTHER: ("API için dökümantasyon var mı?", "bayilik veriyor musunuz", "Şifremi değiştiremiyorum", "slm"),
    },
    "ru": {
        REFILL: ("Докрутите {}", "{} списались, нужна докрутка", "Здравствуйте! Заказ {} упал почти весь, гарантия 30 дней."),
        CANCEL: ("отмените {}", "Прошу отменить заказ {} и вернуть деньги", "{} отмена"),
        SPEED: ("ускорьте {}", "{} идёт очень медленно, можно быстрее?", "Заказ {} за сутки 100 штук, это не 5к в день"),
        START: ("{} не запускается", "Когда начнётся {}?", "третий день висит {}"),
        PARTIAL: ("почему {} частично?", "{} выполнен не полностью, где остаток", "частично: {}"),
        MONEY: ("Оплатил, баланс не пришёл", "платёж {} висит, чек во вложении", "дважды списали, проверьте {}"),
        OTHER: ("есть ли апи для докруток?", "какой сервис самый дешёвый?", "не могу войти с телефона", "ау"),
    },
    "fa": {
        REFILL: ("سفارش {} ریزش داشته، جبران کنید", "{} لطفا ریفیل", "سلام وقت بخیر، {} نصفش ریخت"),
        CANCEL: ("سفارش {} را لغو کنید", "{} کنسل لطفا", "لطفا لغو و برگشت وجه {}"),
        SPEED: ("سفارش {} خیلی کند است", "{} سرعت بدید لطفا", "مشتری منتظره {} سریعتر"),
        START: ("سفارش {} شروع نشده", "{} کی شروع میشه؟", "{} هنوز در انتظار است"),
        PARTIAL: ("چرا {} ناقص انجام شده؟", "{} پارشیال خورده", "باقی {} چی شد"),
        MONEY: ("پرداخت کردم ولی موجودی اضافه نشد", "تراکنش {} در انتظار است", "رسید پیوست است، شارژ نشد"),
        OTHER: ("مستندات API دارید؟", "ارزان‌ترین سرویس کدام است؟", "رمزم را فراموش کرده‌ام", "سلام"),
    },
    "pt": {
        REFILL: ("reposição {} por favor", "{} caiu muito, pode repor?", "Olá! O pedido {} perdeu quase tudo, tem garantia R30."),
        CANCEL: ("cancelar {}", "Por favor cancelem o pedido {} e devolvam o saldo", "{} cancela aí"),
        SPEED: ("acelerar {}", "{} está muito lento, dá pra acelerar?", "o cliente está esperando {} 🙏"),
        START: ("{} não começou", "Quando começa o {}?", "pedido {} parado há dois dias"),
        PARTIAL: ("por que {} ficou parcial?", "{} veio incompleto", "parcial de novo: {}"),
        MONEY: ("fiz o PIX e não caiu", "pagamento {} pendente, comprovante em anexo", "paguei duas vezes, verifiquem {}"),
        OTHER: ("vocês têm API?", "qual o serviço mais barato?", "quero ser revendedor", "oi"),
    },
    "ar": {
        REFILL: ("الطلب {} نقص كثيرا، أرجو التعويض", "{} تعويض من فضلكم", "السلام عليكم، {} نزل العدد"),
        CANCEL: ("ألغوا الطلب {}", "{} إلغاء واسترداد الرصيد", "أريد إلغاء {}"),
        SPEED: ("الطلب {} بطيء جدا", "{} تسريع لو سمحتم", "العميل ينتظر {}"),
        START: ("{} لم يبدأ بعد", "متى يبدأ {}؟", "الطلب {} معلق"),
        PARTIAL: ("لماذا {} جزئي؟", "{} لم يكتمل", "أين باقي {}؟"),
        MONEY: ("دفعت ولم يصل الرصيد", "الدفعة {} معلقة", "تم الدفع مرتين {}"),
        OTHER: ("هل لديكم API؟", "ما أرخص خدمة؟", "مرحبا"),
    },
}  # fmt: skip
AGAIN: dict[str, tuple[str, ...]] = {
    "en": ("hello??", "any news?", "still nothing {}", "are you there", "Please answer, I am losing my client"),
    "tr": ("??", "cevap verin", "hâlâ olmadı {}", "kimse yok mu", "3 gündür bekliyorum"),
    "ru": ("ну что там?", "есть новости?", "всё ещё стоит {}", "ответьте пожалуйста", "????"),
    "fa": ("جواب بدید لطفا", "چی شد؟", "هنوز هیچی {}", "؟؟"),
    "pt": ("alguém?", "alguma novidade?", "continua parado {}", "respondam por favor"),
    "ar": ("أين الرد؟", "هل من جديد؟", "لا شيء بعد {}"),
}
THANKS: dict[str, tuple[str, ...]] = {
    "en": ("thank you", "ok thanks!", "👍", "perfect"),
    "tr": ("teşekkürler", "tmm sağolun", "🙏", "eyvallah"),
    "ru": ("спасибо", "ок", "супер, спасибо!"),
    "fa": ("ممنون", "سپاس 🌹", "مرسی"),
    "pt": ("obrigado!", "valeu", "show"),
    "ar": ("شكرا", "جزاكم الله خيرا"),
}
GOOD: dict[str, tuple[str, ...]] = {
    "en": (
        "Hello! I checked {} with the provider: the refill has begun and usually completes within 24-48 hours. Please keep the account public.",
        "Thank you for waiting. {} was late because the provider had an outage; it is running again and I will follow it up for you.",
        "I have looked into it. What remained of {} was returned to your balance; you can place it again with another service.",
    ),
    "tr": (
        "Merhaba, {} numaralı siparişi sağlayıcıya ilettik, telafi 24-48 saat içinde tamamlanacaktır. Hesap gizli olmasın lütfen.",
        "Beklettiğimiz için özür dileriz. {} siparişinde sağlayıcı kaynaklı bir gecikme vardı, şu an tekrar işlemde.",
    ),
    "ru": (
        "Здравствуйте! Мы передали заказ {} поставщику, докрутка обычно занимает 24-48 часов. Не закрывайте аккаунт, пожалуйста.",
        "Спасибо за ожидание. По заказу {} был сбой у поставщика, сейчас он снова выполняется.",
    ),
    "fa": ("سلام، سفارش {} به سرویس‌دهنده اعلام شد و معمولا ظرف ۲۴ تا ۴۸ ساعت جبران می‌شود. لطفا پیج را عمومی نگه دارید.",),
    "pt": ("Olá! O pedido {} foi encaminhado ao fornecedor; a reposição leva de 24 a 48 horas. Mantenha o perfil público, por favor.",),
    "ar": ("مرحبا، تم إرسال الطلب {} إلى المزود وسيتم التعويض خلال 24 إلى 48 ساعة إن شاء الله.",),
}  # fmt: skip
GOOD_ON_MONEY: dict[str, tuple[str, ...]] = {
    "en": (
        "Hello, we found payment {} and added it to your balance. Sorry for the wait.",
        "Payment {} has not arrived at our account yet. Please send the receipt with the transaction id.",
    ),
    "tr": ("Merhaba, {} nolu ödemeniz onaylandı ve bakiyenize eklendi. Beklettiğimiz için özür dileriz.",),
    "ru": ("Здравствуйте, платёж {} найден и зачислен на баланс. Извините за ожидание.",),
    "fa": ("سلام، پرداخت {} پیدا شد و به موجودی شما اضافه شد. بابت تاخیر پوزش می‌خواهیم.",),
    "pt": ("Olá, localizamos o pagamento {} e o saldo já foi creditado. Desculpe a demora.",),
    "ar": ("مرحبا، وجدنا الدفعة {} وأضفناها إلى رصيدك. نعتذر عن التأخير.",),
}
GOOD_ON_OTHER: dict[str, tuple[str, ...]] = {
    "en": (
        "Hello! You find that under Account, API: the key is made there and every call is described with an example.",
        "Thank you for asking. Larger customers get their own prices from a spend of 1000 a month; tell us what you order most.",
    ),
    "tr": ("Merhaba, API sayfasında anahtarınızı oluşturabilir ve tüm örnekleri görebilirsiniz. Başka sorunuz olursa yazın.",),
    "ru": ("Здравствуйте! Всё это описано на странице API, ключ создаётся там же. Если останутся вопросы, напишите.",),
    "fa": ("سلام، توضیحات کامل در صفحه API آمده است و کلید را همان‌جا می‌سازید. سوال دیگری بود بفرمایید.",),
    "pt": ("Olá! Está tudo na página API, onde a chave também é criada. Qualquer outra dúvida, é só escrever.",),
    "ar": ("مرحبا، كل ذلك موضح في صفحة API ويمكنك إنشاء المفتاح هناك. نحن هنا لأي سؤال آخر.",),
}  # fmt: skip
SHORT = (
    "Done",
    "ok",
    "Checking",
    "wait",
    "Refilled",
    "sent to provider",
    "Canceled.",
    "24h",
    "Please wait",
    "Tamam",
    "готово",
    "بررسی می‌شود",
    "👍",
)
STOCK = "Dear customer, we have forwarded your request to the related department. Please wait 24-48 hours."
CLOSING = (
    "Solved, closing the ticket.",
    "You are welcome!",
    "Closed. Have a nice day",
    "Glad it works now. We close this ticket.",
)
SUBJECTS: dict[str, tuple[str, ...]] = {
    "en": ("help", "Order problem", "URGENT!!!", "Re: my order", "question"),
    "tr": ("sipariş gelmedi", "ACİL", "yardım", "Bakiye"),
    "ru": ("проблема с заказом", "срочно", "вопрос"),
    "fa": ("مشکل سفارش", "فوری"),
    "pt": ("ajuda", "pedido atrasado"),
    "ar": ("مشكلة في الطلب", "استفسار"),
}  # fmt: skip
ASIDES = (
    "For the link {}, not the other one.",
    "my whatsapp {}",
    "see {} and the old order #12345",
    "paid 1500 on 2026-08-14, receipt {}",
)
SPOKEN = frozenset(OPENINGS)


def good(kind: str, language: str) -> tuple[str, ...]:
    """Answers that help, to what was asked."""
    return {MONEY: GOOD_ON_MONEY, OTHER: GOOD_ON_OTHER}.get(kind, GOOD)[language]


def spoken(language: str) -> str:
    """Not everybody finds their own language here."""
    return language if language in SPOKEN else "en"
