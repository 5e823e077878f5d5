"""The chat of the course project, as it was: a Django view, a queue a user in memory, a thread for each waiting poll.

`server.py prepare USERS FILE` makes the database and writes a line a user: id, session key, CSRF token.
`server.py serve PORT` serves it as the course does, by `runserver`.
"""

import json
import os
import queue
import sys
import time

import django
from django.conf import settings

FOLDER = os.environ["WEBQQ_FOLDER"]
settings.configure(
    DEBUG=False,
    SECRET_KEY="for a benchmark on loopback",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(FOLDER, "db.sqlite3")}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
)
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

GLOBAL_MSG_QUEUES = {}


@login_required
def send_msg(request):
    data = json.loads(request.POST["data"])
    data["timestamp"] = time.time()
    to = int(data["to"])
    if to not in GLOBAL_MSG_QUEUES:
        GLOBAL_MSG_QUEUES[to] = queue.Queue()
    GLOBAL_MSG_QUEUES[to].put(data)
    return HttpResponse("---msg recevied---")


@login_required
def get_new_msgs(request):
    if request.user.id not in GLOBAL_MSG_QUEUES:
        GLOBAL_MSG_QUEUES[request.user.id] = queue.Queue()
    own = GLOBAL_MSG_QUEUES[request.user.id]
    messages = []
    for _ in range(own.qsize()):
        messages.append(own.get())
    if not messages:
        try:
            messages.append(own.get(timeout=15))
        except queue.Empty:
            pass
    return HttpResponse(json.dumps(messages))


urlpatterns = [path("webqq/send_msg/", send_msg), path("webqq/get_new_msgs/", get_new_msgs)]


def prepare(count, file):
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import transaction
    from django.utils.crypto import get_random_string

    call_command("migrate", verbosity=0)
    with transaction.atomic(), open(file, "w") as out:
        for number in range(count):
            # Without a password that anybody could log in with: sessions are made here.
            user = User.objects.create(username=f"user{number}", password="!")
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.create()
            out.write(f"{user.pk}\t{session.session_key}\t{get_random_string(32)}\n")


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]), sys.argv[3])
    else:
        from django.core.management import call_command

        call_command("runserver", f"127.0.0.1:{int(sys.argv[2])}", use_reloader=False)
