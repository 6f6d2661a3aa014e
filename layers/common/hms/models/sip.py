"""SIP: https://www.100ms.live/docs/server-side/v2/how-to-guides/Session%20Initiation%20Protocol%20(SIP)/SIP-Outbound"""

from typing import Annotated

from pydantic import Field

from hms.models.base import FailFast, Items, Model

NotEmpty = Annotated[str, Field(min_length=1)]
HeaderName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9.!%*_+`'~-]+$")]
HeaderValue = Annotated[str, Field(pattern=r"^[^\r\n]*$")]


class SipTrunk(Model):
    """A trunk of a SIP provider. 100ms does not document required members.

    Attributes:
        username: user name at the provider.
        password: password at the provider.
        address: SIP address of the provider.
        from_: caller number that the provider assigned; `from` in JSON.
    """

    response_fields = frozenset({"id"})

    username: str | None = None
    password: str | None = None
    address: str | None = None
    from_: str | None = Field(default=None, alias="from")


class SipCall(Model):
    """A call to a phone or SIP client, which joins the room as a peer.

    Attributes:
        to: phone number, or another address that the trunk supports.
        name: display name of the peer.
        user_id: user id of the peer.
        room_code: room code, which selects the room and the role.
        trunk_id: id of the trunk.
        video: whether the call has video.
        headers: additional SIP headers of the INVITE. Names are SIP tokens, and values have no line breaks.
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
    """DTMF tones for the SIP participants of a room.

    Attributes:
        digits: tones, one character each: 0 to 9, `*`, `#`, or a to d.
    """

    digits: Items[Annotated[str, Field(pattern=r"^[0-9*#abcd]$")]]
