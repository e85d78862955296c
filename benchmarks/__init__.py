"""Each `benchmarks/NAME.py` is a command: `script/bench NAME`. `_NAME.py` are parts that several use."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
