"""Imported by the server that forks the processes to be killed.

What they all need is compiled and read there once.
"""

from datetime import UTC, datetime

from alerts.channels import webhook
from alerts.letters import Letter
from alerts.messages.building import note_message
from alerts.messages.views import countries

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOTE = Letter("0", "hook", "note", "ja", NOW, 0, None, {"subject": "", "lines": []}, ())
WARM = (note_message(NOTE, NOW), countries(("IN",), "ja"), webhook.SIGNATURE)
