"""Templates."""

from hms.gateway import Gateway

gateway = Gateway("templates")
templates = gateway.client.templates

gateway.post("/templates", templates.create)
gateway.get("/templates", templates.list)
gateway.get("/templates/<template_id>", templates.retrieve)
gateway.post("/templates/<template_id>", templates.update)
gateway.post("/templates/<template_id>/roles/<role_name>", templates.upsert_role)
gateway.get("/templates/<template_id>/roles/<role_name>", templates.retrieve_role)
gateway.delete("/templates/<template_id>/roles/<role_name>", templates.delete_role)
gateway.get("/templates/<template_id>/settings", templates.retrieve_settings)
gateway.post("/templates/<template_id>/settings", templates.update_settings)
gateway.get("/templates/<template_id>/destinations", templates.retrieve_destinations)
gateway.post("/templates/<template_id>/destinations", templates.update_destinations)
gateway.get("/templates/<template_id>/recordings", templates.retrieve_recordings)
gateway.post("/templates/<template_id>/recordings", templates.configure_recordings)

handler = gateway.resolve
