"""The application for a WSGI server: « gunicorn citizen.wsgi:app »."""

import os

from citizen import config
from citizen.app import create_app

app = create_app(config.read(os.environ))
