"""Recording assets: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import Query, Reply


class RecordingAssets(Section):
    """Operations under /recording-assets."""

    def list(self, query: Query = ()) -> Reply:
        """List recording assets of the workspace.

        https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/overview
        """
        return self._call("GET", "recording-assets", query=query)

    def retrieve(self, asset_id: str, query: Query = ()) -> Reply:
        """Fetch one recording asset.

        https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/get-asset
        """
        return self._call("GET", "recording-assets", asset_id, query=query)

    def presigned_url(self, asset_id: str, query: Query = ()) -> Reply:
        """Produce a short-lived download URL for an asset.

        https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/get-presigned-url
        """
        return self._call("GET", "recording-assets", asset_id, "presigned-url", query=query)
