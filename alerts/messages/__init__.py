"""From a letter to a message: what a release says, in words, in every form a channel may want."""

from alerts.messages.building import build_message
from alerts.messages.notices import Notice

__all__ = ["Notice", "build_message"]
