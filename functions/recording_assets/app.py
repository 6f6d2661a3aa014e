"""Recording assets."""

from hms.gateway import Gateway

gateway = Gateway("recording_assets")
recording_assets = gateway.client.recording_assets

gateway.get("/recording-assets", recording_assets.list)
gateway.get("/recording-assets/<asset_id>", recording_assets.retrieve)
gateway.get("/recording-assets/<asset_id>/presigned-url", recording_assets.presigned_url)
gateway.get("/recording-assets/<asset_id>/url", recording_assets.presigned_url)

handler = gateway.resolve
