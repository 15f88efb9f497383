"""How the site is served: ``gunicorn -c python:trustsite.gunicorn trustsite.wsgi``.

No access log: who read what is nobody's business. What is due to be deleted goes at every start.
"""

import os
from typing import Any

import django
from django.core.management import call_command
from django.db import connections

workers = 2
threads = 4
control_socket_disable = True
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
graceful_timeout = 10


def on_starting(server: Any) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trustsite.settings")
    django.setup()
    call_command("prune")
    connections.close_all()  # the workers are forked from here and open their own
