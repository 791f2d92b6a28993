"""The words that services' names are made of, in the languages that shops sell in, each with the letter of the token it becomes.

Words are compared folded, without accents; so they may stand here as people write them.
"""

from collections.abc import Iterable, Iterator

from reports.folding import fold

SECOND, MINUTE, HOUR, DAY = 1, 60, 3_600, 86_400
WEEK, MONTH, YEAR = 7 * DAY, 30 * DAY, 365 * DAY

NOUNS = {
    SECOND: """sec secs second seconds saniye detik секунда секунду секунды segundo segundos seconde secondes
        sekunde ثانیه ثانية giây 秒 초""",
    MINUTE: """minute minutes mins minit menit dakika dk dakka минута минуту минуты минут мин minuto minutos
        minuten دقیقه دقيقة دقائق phút 分 分钟 分鐘 分間 분 นาที मिनट""",
    HOUR: """hour hours hr hrs hur saat час часа часов часы hora horas heure heures stunde stunden std jam ساعت
        ساعة ساعات giờ 小时 小時 時間 시간 ชั่วโมง घंटा घंटे ghanta ora ore godzina godz година годину uur uren""",
    DAY: """day days dayz dy gün hari день дня дней дні днів сут сутки den суток добу доба dia dias día días
        jour jours tag tage tagen giorno giorni يوم ايام أيام روز روزه ngày 天 日 일 วัน दिन din dag dagen zi
        zile dzień dni دن দিন""",
    WEEK: """week weeks wk hafta неделя неделю недели недель semana semanas semaine semaines woche wochen minggu
        هفته أسبوع اسبوع tuần 周 週 주""",
    MONTH: """month months mo ay месяц месяца месяцев mes meses mês mois monat monate bulan ماه شهر أشهر tháng 月
        个月 개월 เดือน""",
    YEAR: "year years yr yil yıl год года лет año años ano anos ans jahr jahre tahun سال سنة năm 年 년 ปี",
}
ADVERBS = {
    SECOND: "persecond persec",
    MINUTE: "perminute permin permenit ежеминутно 분당 毎分 每分钟 بالدقيقة",
    HOUR: "hourly perhour perhr sejam perjam ежечасно stündlich بالساعة 시간당 毎時 時速 每小时 每小時",
    DAY: """pd daily dailyy perday aday everyday eachday perhari sehari harian ежедневно посуточно diario
        diarios diaria diarias diário diários diária diárias diariamente quotidien täglich giornaliero
        giornalieri dziennie dagelijks denne روزانه روزانہ يوميا یومیا يوميًا щодня hàngngày mỗingày باليوم
        لليوم يومي يومى प्रतिदिन 일당 每天 每日 毎日 日速 日增 하루 하루에 매일 일일 ต่อวัน วันละ rozana roz""",
    WEEK: "weekly perweek еженедельно semanal semanais semanales wöchentlich",
}
BEFORE = {
    SECOND: "saniyede",
    MINUTE: "dakikada dakikalık دقیقه‌ای",
    HOUR: "saatte saatlik ساعتی",
    DAY: "günde günlük روزی",
    WEEK: "haftada haftalık هفتگی",
}
"""`Günlük 10K` is a speed, `30 günlük` lasts thirty days, and `24 saatte` is within a day."""

LETTERS = {HOUR: "h ч", DAY: "d д j"}
TIMES = {
    10**3: """k к тк کا کی тыс тысяч тысячи тыщ thousand thousands mil bin rb ribu nghìn ngàn tsd tausend mille
        هزار ألف الف آلاف الاف 千 천 พัน हजार hazar""",
    10**4: "万 萬 만 หมื่น",
    10**5: "lakh lakhs lac lacs लाख แสน",
    10**6: """m kk кк м mn mln mio млн миллион миллиона миллионов million millions milyon milhão milhões millón
        millones millionen juta jt triệu میلیون مليون ملیون 백만 ล้าน""",
    10**7: "crore crores cr करोड़",
    10**8: "億 亿 억",
    10**9: "b bn billion milyar миллиард bilhão مليار میلیارد",
}
KINDS = {
    "x": """per p each every por al ao pro par je an au im am в за на في فی لكل کل در هر به kada mỗi một 每 毎 ต่อ
        हर har प्रति na x ek perevery la cada her""",
    "a": "a",
    "t": "to til till bis sampai hingga تا إلى الى الي đến tới até hasta ila ile 至 から и до à",
    "&": "and or oder или ou et e y ve و und",
    "B": "between arasında entre между بین zwischen antara",
    "u": "upto up от",
    "S": """speed speeds hız hızı hiz скорость velocidade velocidad vitesse geschwindigkeit kecepatan سرعت
        السرعة سرعة سرعه tốcđộ tốc độ 速度 スピード 속도 ความเร็ว velocità prędkość pace speedy रफ्तार""",
    "M": """max maximum maks maksimum maximal maxim макс максимум máx máximo máxima maximo حداکثر الحد الأقصى
        اقصى أقصى tốiđa 最大 최대 สูงสุด maxi limit""",
    "m": "minimum minimal минимум mín mínimo mínima minimo حداقل asgari 最小 최소",
    "R": """refill refills refilled refillable guarantee guaranteed guarantees guaranty gurantee garantee
        guarenteed warranty telafi telafili garanti garantili garansi гарантия гарантией гарантии
        восстановление докрут garantía garantia garantie garantiert reposição reposicion reposición recarga
        nachfüllung جبران ریزش تعويض تعویض ضمان ضمانت گارانتی bảohành bảo hành 保証 保证 补 补充 보장 리필 รับประกัน
        reffil refil rifil rfill""",
    "r": "r ar",
    "T": """start starts starting strat başlangıç başlama başlar старт начало запуск início inicio começa début
        départ startzeit mulai شروع بداية البدء يبدأ bắtđầu 开始 開始 시작 เริ่ม inizio""",
    "I": """instant instantly anında anlık мгновенно моментально мгновенный instantâneo instantáneo instantaneo
        imediato inmediato immédiat sofort فوری آنی فورية فوري فورا فوراً ngay 即时 即時 즉시 ทันที instan
        langsung""",
    "L": """lifetime lifelong forever life ömür ömürboyu boyu навсегда пожизненная пожизненно vitalício
        vitalícia vitalicio vitalicia vida lebenslange lebenslang vie seumur selamanya الحياة العمر
        مادامالعمر مادام دائم trọnđời vĩnhviễn 永久 终身 평생 ตลอดชีพ ∞""",
    "n": """no non not without zero nor sem sin без нет bez không بدون بلا لا tanpa yok kein keine ohne sans 无 不""",
    "G": """followers follower likes like views view members member subs sub subscribers subscriber subscribes
        plays play shares visitors visits hits users saves reactions votes downloads installs impressions
        streams listeners viewers comments reviews fans retweets takipçi beğeni izlenme abone üye
        подписчиков лайков просмотров участников seguidores curtidas visualizações vistas inscritos membros
        suscriptores reproducciones abonnés vues aufrufe pengikut suka متابع لايك مشاهدة مشاهده عضو فالوور
        kişi adet arası people persons человек шт штук personas pessoas نفر عدد pcs clicks لایک ویو ممبر 粉丝
        点赞 フォロワー""",
    "W": """watch watchtime retention live livestream stream streaming broadcast concurrent izleme canlı
        удержание удержания لایو بث viewer retencion retención retenção stay duration session concurrents""",
    "D": """complete completed completion delivery deliver delivered finish finished teslim entrega доставка
        livraison lieferung تحویل تسليم within""",
    "E": "unlimited sınırsız безлимит ilimitado illimité نامحدود",
    "Z": """keyword keywords ranking rankings updated update updates restocked restock refreshed bonus earn drops posts post order orders link
        links photos uploads tweets stories story pages page videos gönderi постов fotos pedidos پست منشور""",
    "C": """price prices cost fee fiyat цена preço precio usd eur inr rs rub try tl dollar dollars euro cent
        cents rupees rupee руб ₽ toman تومان irt usdt idr brl""",
    "f": """time button auto full period automatic otomatik is of the cancel süresi время tempo tiempo di de du
        la approx about average avg ortalama around zeit temps زمان""",
    "F": "first 1st ilk первый",
    "#": """top age ages level rank sm server sv srv id provider source option type version ver v vip nr panel
        package kod""",
}
SIGNS = {
    **dict.fromkeys("([{【（［｛<«「『⟨《", "("),
    **dict.fromkeys(")]}】）］｝»」』⟩》", ")"),
    **dict.fromkeys(":=>≈≥⇒", ":"),
    **dict.fromkeys("$€£¥₹₽₺₿₫₩₦₱฿﷼¢₴", "C"),
    **dict.fromkeys("|;!", "|"),
    **dict.fromkeys("-_÷", "-"),
    **dict.fromkeys("+±", "+"),
    **dict.fromkeys("%٪", "%"),
    **{"/": "/", "#": "#", "&": "&", "♻": "*", "∞": "L"},
}


def words() -> Iterator[tuple[str, str, int]]:
    for letter, group in (("P", NOUNS), ("A", ADVERBS), ("Q", BEFORE), ("p", LETTERS), ("K", TIMES)):
        yield from ((word, letter, size) for size, many in group.items() for word in many.split())
    yield from ((word, letter, 0) for letter, many in KINDS.items() for word in many.split())


def meanings(known: Iterable[tuple[str, str, int]]) -> dict[str, tuple[str, int]]:
    """The first meaning of a word stands."""
    found: dict[str, tuple[str, int]] = {}
    for word, letter, size in known:
        found.setdefault(fold(word).text.replace(" ", ""), (letter, size))
    return found


WORDS = meanings(words())
