"""Telling people: rules, the outbox, delivery, feeds. Never lost, never doubled.

load_rules(…)      what moej.toml says, checked
remember, enqueue  inside the load: which versions raise an alert, in the same transaction as the versions
deliver(…)         afterwards: from the outbox to the channels, as often as one likes
take_over(…)       of a lake, whose alerts one machine delivers
write_feeds(…)     feeds/jcm.atom and feeds/all.atom
health, standing   for `moej status`
events(changes)    for a scheduler's automations; by_run(…), how they and its log put changes together
preview, retry, mute, send_test, listing   for `moej alerts`
"""

from alerts.channels import Transports
from alerts.delivery import Delivered, Means, deliver
from alerts.desk import Entry, listing, mute, retry, send_test, unmute
from alerts.duty import take_over
from alerts.events import Event, by_run, events
from alerts.feeds import write_feeds
from alerts.health import Health, Standing, health, standing
from alerts.memory import Memory, remember
from alerts.operator import Concern
from alerts.preview import Preview, preview
from alerts.raising import Enqueued, enqueue
from alerts.rules import Rule, Rules, load_rules

__all__ = [
    "Concern",
    "Delivered",
    "Enqueued",
    "Entry",
    "Event",
    "Health",
    "Means",
    "Memory",
    "Preview",
    "Rule",
    "Rules",
    "Standing",
    "Transports",
    "by_run",
    "deliver",
    "enqueue",
    "events",
    "health",
    "listing",
    "load_rules",
    "mute",
    "preview",
    "remember",
    "retry",
    "send_test",
    "standing",
    "take_over",
    "unmute",
    "write_feeds",
]
