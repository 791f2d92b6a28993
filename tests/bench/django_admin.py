"""Django's admin over the console's own table: a project in one file, run by the peers' Python alone (see servers.py).

What it has to itself (people, sessions) is in a file of its own; orders are an unmanaged model over the planted file, which stays as it is.
Everything that could be held against the comparison is chosen in its favour: the list is in the order of the primary key, which costs nothing
(admin knows no key of two columns: `id` stands for both); amounts and times are shown as the integers that they are kept as;
connections stay open; the SQLite is the console's.
"""

import os
import sys

try:
    import pysqlite3
except ImportError:
    pass
else:
    sys.modules["sqlite3"] = pysqlite3

import django  # type: ignore[import-not-found]
from django.apps import AppConfig  # type: ignore[import-not-found]
from django.conf import settings  # type: ignore[import-not-found]
from django.core.management import call_command  # type: ignore[import-not-found]
from django.core.wsgi import get_wsgi_application  # type: ignore[import-not-found]

PERSON, PASSWORD = "bench", "a-bench-is-no-place-for-secrets"
COLUMNS = (
    "id", "provider_order_id", "panel", "user", "charge", "charge_currency", "link", "start_count", "quantity", "service_id",
    "service_name", "status", "remains", "created_at", "mode", "provider",
)  # fmt: skip


class Bench(AppConfig):  # type: ignore[misc]
    name = "django_admin"
    label = "bench"


class Router:
    """What is read of the console, from the console's file."""

    def db_for_read(self, model, **_hints):
        return "console" if model._meta.app_label == "bench" else None

    def allow_migrate(self, db, _label, **_hints):
        return db == "default"


def configure() -> None:
    sqlite = {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": None}
    file = {"NAME": f"file:{os.environ['BENCH_FILE']}?mode=ro", "OPTIONS": {"uri": True}}
    contrib = [f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")]
    settings.configure(
        SECRET_KEY=os.urandom(32).hex(),
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="django_admin",
        STATIC_URL="static/",
        INSTALLED_APPS=[*contrib, "django_admin.Bench"],
        DATABASES={"default": sqlite | {"NAME": os.environ["BENCH_OWN"]}, "console": sqlite | file},
        DATABASE_ROUTERS=[Router()],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )
    django.setup()


def people() -> None:
    from django.contrib.auth.models import User  # type: ignore[import-not-found]

    call_command("migrate", verbosity=0)
    if not User.objects.filter(username=PERSON).exists():
        User.objects.create_superuser(PERSON, "", PASSWORD)


def register() -> None:
    from django.contrib import admin  # type: ignore[import-not-found]
    from django.db import models  # type: ignore[import-not-found]

    class Panel(models.Model):  # type: ignore[misc]
        name = models.TextField()

        class Meta:
            app_label, db_table, managed = "bench", "panels", False

        def __str__(self) -> str:
            return str(self.name)

    class Order(models.Model):  # type: ignore[misc]
        panel = models.ForeignKey(Panel, models.DO_NOTHING)
        id = models.TextField(primary_key=True)
        provider_order_id = models.TextField(null=True)
        user = models.TextField(null=True)
        charge = models.BigIntegerField(null=True)
        charge_currency = models.TextField(null=True)
        link = models.TextField(null=True)
        start_count = models.BigIntegerField(null=True)
        quantity = models.BigIntegerField(null=True)
        service_id = models.TextField(null=True)
        service_name = models.TextField(null=True)
        status = models.TextField()
        remains = models.BigIntegerField(null=True)
        created_at = models.BigIntegerField(null=True)
        mode = models.TextField(null=True)
        provider = models.TextField(null=True)

        class Meta:
            app_label, db_table, managed = "bench", "orders", False

    class Uncounted(Order):
        class Meta:
            app_label, proxy = "bench", True

    class Listed(admin.ModelAdmin):  # type: ignore[misc]
        list_display = COLUMNS
        list_per_page = 100
        list_select_related = ("panel",)
        ordering = ("-panel_id", "-id")

    class Leaner(Listed):
        show_full_result_count = False

    admin.site.register(Order, Listed)
    admin.site.register(Uncounted, Leaner)


configure()
people()
register()

from django.contrib import admin  # noqa: E402
from django.urls import path  # type: ignore[import-not-found] # noqa: E402

urlpatterns = [path("admin/", admin.site.urls)]
application = get_wsgi_application()
