"""Ways to a reader: Apprise, mail and webhook, behind one small face."""

from alerts.channels.base import Answer, Channel, Message, NotSetUp
from alerts.channels.building import Transports, build

__all__ = ["Answer", "Channel", "Message", "NotSetUp", "Transports", "build"]
