"""The services that every process offers its workers.

Thread: main.
"""

from __future__ import annotations

from sanderling.base.clock import SYSTEM_CLOCK, Clock
from sanderling.network import flight_service, hsts_service, rate_service, robots_service
from sanderling.network.services import Services


def add_all(services: Services, clock: Clock = SYSTEM_CLOCK) -> hsts_service.HstsService:
    """Offer all of them (before Network runs).

    Args:
        services: of a process.
        clock: tells them the time.

    Returns:
        The one that can keep what it knows in a file.
    """
    services.add(flight_service.NAME, flight_service.FlightService())
    services.add(rate_service.NAME, rate_service.RateService(clock))
    services.add(robots_service.NAME, robots_service.RobotsService(clock))
    hsts = hsts_service.HstsService(clock)
    services.add(hsts_service.NAME, hsts)
    return hsts
