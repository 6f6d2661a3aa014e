"""Recording assets."""

from hms.resources import recording_assets
from hms_service.http.router import Router

router = Router("recording_assets")

router.add_operation(recording_assets.LIST)
router.add_operation(recording_assets.RETRIEVE)
router.add_operation(recording_assets.PRESIGNED_URL, "/recording-assets/<asset_id>/url")

handler = router.resolve
