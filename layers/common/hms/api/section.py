"""What all sections share."""

from hms.client import HmsClient


class Section:
    """A section of the REST API.

    Path parameters are encoded, a query is sent as given and a body as JSON. Every method returns the answer of 100ms
    unparsed, whatever its status, and raises as `HmsClient.request` does.
    """

    def __init__(self, client: HmsClient) -> None:
        self._client = client
