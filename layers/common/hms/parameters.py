"""Cache SSM parameters. A cold container reads all of them in one call."""

import math
from collections.abc import Mapping, Sequence
from random import SystemRandom
from time import time
from typing import NamedTuple

from hms.errors import CredentialsDeadlineExceededError, CredentialsUnavailableError
from hms.http.transport import Transport


class Lifetime(NamedTuple):
    """How long values serve, in seconds.

    Containers that started together would all read at the same moment, so each draws its own fresh time at each read.

    Attributes:
        min_fresh: shortest time without another read.
        max_fresh: longest time without another read.
        stale: time for which the values serve while SSM fails.
    """

    min_fresh: float
    max_fresh: float
    stale: float


SECURE = Lifetime(min_fresh=4 * 60, max_fresh=5 * 60, stale=15 * 60)
"""SecureStrings: credentials."""
PLAIN = Lifetime(min_fresh=30, max_fresh=60, stale=2 * 60)
"""Strings: lists that must take effect within a minute."""
NEVER = float("-inf")
FORCED_READ_SECONDS = 5
"""Minimum time between two reads of fresh values, such as after 100ms refused the pair."""
REFUSAL_SECONDS = 5
"""Time for which a failure that no retry can change is not tried again."""
RETRY_SECONDS = (5, 15)
"""Bounds of the random time between a failed read and the next one, while known values serve."""

_random = SystemRandom()


class _Group:
    """Parameters with the same lifetime.

    Their age is measured by the wall clock, because other clocks stop while Lambda freezes the container.
    """

    def __init__(self, lifetime: Lifetime) -> None:
        self.names: tuple[str, ...] = ()
        self.lifetime = lifetime
        self.values: Mapping[str, str] = {}
        self._read_at = NEVER
        self._fresh_seconds = 0.0

    def is_younger(self, seconds: float) -> bool:
        """Return True if the values were read less than this number of seconds ago."""
        return 0 <= time() - self._read_at < seconds

    @property
    def is_fresh(self) -> bool:
        """Whether the values need no read."""
        return self.is_younger(self._fresh_seconds)

    @property
    def is_usable(self) -> bool:
        """Whether the values may serve while SSM fails."""
        return self.is_younger(self.lifetime.stale)

    def differs(self, found: Mapping[str, str]) -> bool:
        """Return True if these values, with those of other groups, are not the stored ones."""
        return self._select(found) != self.values

    def update(self, found: Mapping[str, str], read_at: float) -> None:
        """Store values that were read at this time or later."""
        if self.differs(found):
            self.values = self._select(found)
        self._read_at = read_at
        self._fresh_seconds = _random.uniform(self.lifetime.min_fresh, self.lifetime.max_fresh)

    def expire(self) -> None:
        """Make the next use read the values."""
        self._read_at = NEVER

    def _select(self, found: Mapping[str, str]) -> dict[str, str]:
        return {name: found[name] for name in self.names if name in found}


class Parameters:
    """Cached parameters under one SSM path.

    A read of the SecureStrings includes the Strings, so that a cold container makes one call. SecureStrings are read
    again after 4 to 5 minutes, Strings after 30 to 60 seconds. A changed String takes effect only after another read of
    the SecureStrings, because a list may omit what newer SecureStrings make invalid.

    While SSM fails, known values serve for 15 and 2 minutes, and a read is one attempt of at most a second, every 5 to
    15 seconds. Without known values, a read is retried while time is left. A failure that no retry can
    change is not tried again for 5 seconds.

    Args:
        transport: sends the calls.
        prefix: path of the parameters.
        reserved_seconds: time that the retries of a read leave for what follows it.

    Attributes:
        generation: increases when the value of a SecureString changes.
    """

    def __init__(self, transport: Transport, prefix: str, *, reserved_seconds: float = 5.0) -> None:
        self._transport = transport
        self._prefix = prefix
        self._reserved_seconds = reserved_seconds
        self._secure = _Group(SECURE)
        self._plain = _Group(PLAIN)
        self._forced_at = NEVER
        self._retry_at = NEVER
        self._last_error = CredentialsUnavailableError()
        self.generation = 0

    def add(self, secure: Sequence[str], plain: Sequence[str] = ()) -> None:
        """Add parameters to those that are read, by their names below the path. SSM allows ten in a call."""
        self._secure.names += tuple(secure)
        self._plain.names += tuple(plain)
        self._secure.expire()

    def get_secure(self, max_age: float = math.inf) -> Mapping[str, str]:
        """Return the SecureStrings by name, without white space around the values. Missing ones are left out.

        Args:
            max_age: maximum age in seconds. A younger age than that of fresh values causes at most one read in 5
                seconds, and another one if values have changed.

        Raises:
            CredentialsUnavailableError: SSM did not return the parameters, and no known values are left to serve.
        """
        if self._secure.is_fresh and (self._secure.is_younger(max_age) or not self._may_force_read()):
            return self._secure.values
        return self._refresh(self._secure, self._plain)

    def require(self, names: Sequence[str], max_age: float = math.inf) -> list[str]:
        """Return the values of SecureStrings that must exist. Missing ones are read again after 5 seconds.

        Raises:
            CredentialsUnavailableError: A parameter is missing or empty. Or SSM did not return them, and no known
                values are left to serve.
        """
        values = self.get_secure(max_age)
        if not all(map(values.get, names)):
            values = self.get_secure(FORCED_READ_SECONDS)
        missing = [f"{self._prefix}/{name}" for name in names if not values.get(name)]
        if missing:
            raise CredentialsUnavailableError(reason=f"missing SSM parameter: {', '.join(missing)}")
        return [values[name] for name in names]

    def get_plain(self) -> Mapping[str, str]:
        """Return the Strings by name, without white space around the values. Missing ones are left out.

        Raises:
            CredentialsUnavailableError: SSM did not return the parameters, and no known values are left to serve.
        """
        if self._plain.is_fresh:
            return self._plain.values
        return self._refresh(self._plain) if self._secure.is_fresh else self._refresh(self._plain, self._secure)

    def _may_force_read(self) -> bool:
        now = time()
        is_allowed = not 0 <= now - self._forced_at < FORCED_READ_SECONDS
        if is_allowed:
            self._forced_at = now
        return is_allowed

    def _refresh(self, group: _Group, *others: _Group) -> Mapping[str, str]:
        """Read the group, and others in the same call. Return the values of the group."""
        has_values = group.is_usable
        try:
            self._read((group, *others), has_values=has_values)
        except CredentialsUnavailableError:
            if not has_values:
                raise
        return group.values

    def _read(self, groups: Sequence[_Group], *, has_values: bool) -> None:
        from hms.ssm import ATTEMPT_TIMEOUT_SECONDS, read_parameters

        started = time()
        is_too_early = 0 < self._retry_at - started <= max(REFUSAL_SECONDS, *RETRY_SECONDS)
        if is_too_early and (has_values or not self._last_error.is_transient):
            raise self._last_error.with_traceback(None)
        names = [f"{self._prefix}/{name}" for group in groups for name in group.names]
        try:
            found = read_parameters(
                self._transport, names, is_patient=not has_values, reserved_seconds=self._reserved_seconds
            )
        except CredentialsDeadlineExceededError:  # says nothing about SSM
            raise
        except CredentialsUnavailableError as error:
            self._last_error = error
            self._retry_at = time() + (_random.uniform(*RETRY_SECONDS) if has_values else REFUSAL_SECONDS)
            raise
        values = {name.removeprefix(f"{self._prefix}/"): value.strip() for name, value in found.items()}
        if self._secure not in groups and self._plain.differs(values):
            self._read((self._secure, self._plain), has_values=has_values)
            return
        if self._secure in groups and self._secure.differs(values):
            self.generation += 1
            self._forced_at = NEVER  # the second half of a changed pair may follow
        read_at = max(started, time() - ATTEMPT_TIMEOUT_SECONDS)  # not earlier attempts and pauses
        for group in groups:
            group.update(values, read_at)
