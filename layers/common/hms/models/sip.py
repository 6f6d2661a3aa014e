"""SIP: https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound"""

from typing import Annotated

from pydantic import Field

from hms.models.base import FailFast, Items, Model

NotEmpty = Annotated[str, Field(min_length=1)]
HeaderName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9.!%*_+`'~-]+$")]
HeaderValue = Annotated[str, Field(pattern=r"^[^\r\n]*$")]


class SipTrunk(Model):
    """A SIP provider's trunk; which members it needs is not documented, so none is asked for.

    Attributes:
        username: name that the provider knows.
        password: its password.
        address: SIP address of the provider.
        from_: number shown to the callee, got from the provider; `from` in JSON.
    """

    response_fields = frozenset({"id"})

    username: str | None = None
    password: str | None = None
    address: str | None = None
    from_: str | None = Field(default=None, alias="from")


class SipCall(Model):
    """A call that joins a room as a peer.

    Attributes:
        to: phone number, or what else the trunk understands.
        name: the peer's name.
        user_id: the peer's user id.
        room_code: code of the room and role.
        trunk_id: the trunk to call by.
        video: whether the call has a picture.
        headers: more SIP headers of the INVITE: names are SIP tokens, values have no line breaks.
    """

    response_fields = frozenset({"id"})

    to: NotEmpty
    name: str | None = None
    user_id: str | None = None
    room_code: NotEmpty
    trunk_id: NotEmpty
    video: bool | None = None
    headers: Annotated[dict[HeaderName, HeaderValue], FailFast()] | None = None


class SipDtmf(Model):
    """Tones played to the SIP participants of a room.

    Attributes:
        digits: one character each: 0 to 9, `*`, `#`, a to d.
    """

    digits: Items[Annotated[str, Field(pattern=r"^[0-9*#abcd]$")]]
