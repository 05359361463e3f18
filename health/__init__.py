from health.status import CHANNEL, OUTBOX, Monitor, Pulse, StatusPage

__all__ = ["CHANNEL", "OUTBOX", "Monitor", "Pulse", "StatusPage"]
