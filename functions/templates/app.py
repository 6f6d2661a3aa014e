"""Templates."""

from hms.resources import templates
from hms_service.http.router import Router

router = Router("templates")

router.add_operation(templates.CREATE)
router.add_operation(templates.LIST)
router.add_operation(templates.RETRIEVE)
router.add_operation(templates.UPDATE)
router.add_operation(templates.UPSERT_ROLE)
router.add_operation(templates.RETRIEVE_ROLE)
router.add_operation(templates.DELETE_ROLE)
router.add_operation(templates.RETRIEVE_SETTINGS)
router.add_operation(templates.UPDATE_SETTINGS)
router.add_operation(templates.RETRIEVE_DESTINATIONS)
router.add_operation(templates.UPDATE_DESTINATIONS)
router.add_operation(templates.RETRIEVE_RECORDINGS)
router.add_operation(templates.CONFIGURE_RECORDINGS)
router.add_operation(templates.RETRIEVE_LAYOUTS)

handler = router.resolve
