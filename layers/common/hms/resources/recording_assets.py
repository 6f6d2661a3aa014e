"""Recording assets: one method per operation."""

from collections.abc import Iterator
from typing import Any

from hms import models
from hms.operation import Operation
from hms.resources.resource import Resource
from hms.types import Query, Response

LIST = Operation(
    "recording_assets.list",
    "GET",
    "/recording-assets",
    query=lambda: models.recording_assets.RecordingAssetListQuery,
    response="RecordingAssetList",
)
RETRIEVE = Operation("recording_assets.retrieve", "GET", "/recording-assets/{asset_id}", response="RecordingAsset")
PRESIGNED_URL = Operation(
    "recording_assets.presigned_url",
    "GET",
    "/recording-assets/{asset_id}/presigned-url",
    query=lambda: models.recording_assets.PresignedUrlQuery,
    response="PresignedUrl",
    credential_reason="the scope recording-assets:read allows downloads of recordings",
)


class RecordingAssets(Resource):
    """Operations under /recording-assets."""

    def list(self, query: Query = ()) -> Response:
        """List recording assets of the workspace, one page per call.

        Args:
            query: a `RecordingAssetListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/overview
        """
        return self._call(LIST, query=query)

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the assets of all pages. Takes the parameters of `list`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, asset_id: str, query: Query = ()) -> Response:
        """Fetch one recording asset.

        Args:
            asset_id: id of the asset.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/get-asset
        """
        return self._call(RETRIEVE, asset_id=asset_id, query=query)

    def presigned_url(self, asset_id: str, query: Query = ()) -> Response:
        """Create a temporary download URL for an asset.

        Args:
            asset_id: id of the asset.
            query: a `PresignedUrlQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/recording-assets/get-presigned-url
        """
        return self._call(PRESIGNED_URL, asset_id=asset_id, query=query)
