"""Recording assets."""

from hms.resources import recording_assets
from hms_service.http.router import Gateway

gateway = Gateway("recording_assets")

gateway.operation(recording_assets.LIST)
gateway.operation(recording_assets.RETRIEVE)
gateway.operation(recording_assets.PRESIGNED_URL, "/recording-assets/<asset_id>/url")

handler = gateway.resolve
