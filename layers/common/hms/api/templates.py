"""Templates: one method an operation of the REST API."""

from hms.api.section import Section
from hms.client import ArrayBody, ObjectBody, Query, Reply


class Templates(Section):
    """Operations under /templates."""

    def create(self, body: ObjectBody, query: Query = ()) -> Reply:
        """Create a template.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-template-via-api
        """
        return self._call("POST", "templates", query=query, body=body)

    def list(self, query: Query = ()) -> Reply:
        """Page through templates of the account.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/list-templates
        """
        return self._call("GET", "templates", query=query)

    def retrieve(self, template_id: str, query: Query = ()) -> Reply:
        """Read one template.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-a-template
        """
        return self._call("GET", "templates", template_id, query=query)

    def update(self, template_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Replace a template.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-a-template
        """
        return self._call("POST", "templates", template_id, query=query, body=body)

    def upsert_role(self, template_id: str, role_name: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Create or modify a role.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-update-role
        """
        return self._call("POST", "templates", template_id, "roles", role_name, query=query, body=body)

    def retrieve_role(self, template_id: str, role_name: str, query: Query = ()) -> Reply:
        """Read one role.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-a-role
        """
        return self._call("GET", "templates", template_id, "roles", role_name, query=query)

    def delete_role(self, template_id: str, role_name: str, query: Query = ()) -> Reply:
        """Remove a role.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/delete-a-role
        """
        return self._call("DELETE", "templates", template_id, "roles", role_name, query=query)

    def retrieve_settings(self, template_id: str, query: Query = ()) -> Reply:
        """Read template settings.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-settings
        """
        return self._call("GET", "templates", template_id, "settings", query=query)

    def update_settings(self, template_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change template settings.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-settings
        """
        return self._call("POST", "templates", template_id, "settings", query=query, body=body)

    def retrieve_destinations(self, template_id: str, query: Query = ()) -> Reply:
        """Read template destinations.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-destinations
        """
        return self._call("GET", "templates", template_id, "destinations", query=query)

    def update_destinations(self, template_id: str, body: ObjectBody, query: Query = ()) -> Reply:
        """Change template destinations.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-destinations
        """
        return self._call("POST", "templates", template_id, "destinations", query=query, body=body)

    def configure_recordings(self, template_id: str, body: ArrayBody, query: Query = ()) -> Reply:
        """Set the recording configuration.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/configure-recordings
        """
        return self._call("POST", "templates", template_id, "recordings", query=query, body=body)

    def retrieve_recordings(self, template_id: str, query: Query = ()) -> Reply:
        """Read the recording configuration.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/configure-recordings
        """
        return self._call("GET", "templates", template_id, "recordings", query=query)
