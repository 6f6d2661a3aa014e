"""Templates: one method per operation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Unpack

from hms import models
from hms.operation import Credential, Operation
from hms.resources.resource import Resource
from hms.types import ArrayBody, ObjectBody, Query, Response

if TYPE_CHECKING:
    from hms.params.templates import (
        DestinationsParams,
        RoleParams,
        TemplateCreateParams,
        TemplateSettingsParams,
        TemplateUpdateParams,
    )

TEMPLATE_CREDENTIALS = (
    Credential("settings.recording.upload.credentials.*"),
    Credential("destinations.rtmpDestinations.*.rtmpUrls"),
)
UPLOAD_CREDENTIALS = (Credential("recording.upload.credentials.*"),)
DESTINATION_CREDENTIALS = (Credential("rtmpDestinations.*.rtmpUrls"),)

CREATE = Operation(
    "templates.create",
    "POST",
    "/templates",
    body=lambda: models.templates.TemplateCreate,
    response="Template",
    credentials=TEMPLATE_CREDENTIALS,
)
LIST = Operation(
    "templates.list",
    "GET",
    "/templates",
    query=lambda: models.templates.TemplateListQuery,
    response="TemplatePage",
    credentials=TEMPLATE_CREDENTIALS,
)
RETRIEVE = Operation(
    "templates.retrieve", "GET", "/templates/{template_id}", response="Template", credentials=TEMPLATE_CREDENTIALS
)
UPDATE = Operation(
    "templates.update",
    "POST",
    "/templates/{template_id}",
    body=lambda: models.templates.TemplateUpdate,
    response="Template",
    credentials=TEMPLATE_CREDENTIALS,
)
UPSERT_ROLE = Operation(
    "templates.upsert_role",
    "POST",
    "/templates/{template_id}/roles/{role_name}",
    body=lambda: models.templates.Role,
    response="Role",
)
RETRIEVE_ROLE = Operation(
    "templates.retrieve_role", "GET", "/templates/{template_id}/roles/{role_name}", response="Role"
)
DELETE_ROLE = Operation("templates.delete_role", "DELETE", "/templates/{template_id}/roles/{role_name}")
RETRIEVE_SETTINGS = Operation(
    "templates.retrieve_settings",
    "GET",
    "/templates/{template_id}/settings",
    response="Settings",
    credentials=UPLOAD_CREDENTIALS,
)
UPDATE_SETTINGS = Operation(
    "templates.update_settings",
    "POST",
    "/templates/{template_id}/settings",
    body=lambda: models.templates.TemplateSettings,
    response="Settings",
    credentials=UPLOAD_CREDENTIALS,
)
RETRIEVE_DESTINATIONS = Operation(
    "templates.retrieve_destinations",
    "GET",
    "/templates/{template_id}/destinations",
    response="Destinations",
    credentials=DESTINATION_CREDENTIALS,
)
UPDATE_DESTINATIONS = Operation(
    "templates.update_destinations",
    "POST",
    "/templates/{template_id}/destinations",
    body=lambda: models.templates.Destinations,
    response="Destinations",
    credentials=DESTINATION_CREDENTIALS,
)
CONFIGURE_RECORDINGS = Operation(
    "templates.configure_recordings",
    "POST",
    "/templates/{template_id}/recordings",
    body=lambda: models.templates.RecordingConfigs,
    body_type=list,
    response="RecordingConfigList",
)
RETRIEVE_RECORDINGS = Operation(
    "templates.retrieve_recordings", "GET", "/templates/{template_id}/recordings", response="RecordingConfigList"
)

RETRIEVE_LAYOUTS = Operation("templates.retrieve_layouts", "GET", "/layouts/ui", response="RoomLayoutList", auth="app")


class Templates(Resource):
    """Operations under /templates, and the layouts of Prebuilt."""

    def create(
        self, body: ObjectBody | None = None, query: Query = (), **members: "Unpack[TemplateCreateParams]"
    ) -> Response:
        """Create a template.

        Args:
            body: a `TemplateCreate`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-template-via-api
        """
        return self._call(CREATE, query=query, body=body, members=members)

    def list(self, query: Query = ()) -> Response:
        """List templates of the workspace, one page per call.

        Args:
            query: a `TemplateListQuery`, or its members.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/list-templates
        """
        return self._call(LIST, query=query)

    def iterate(
        self, query: Query = (), *, max_items: int | None = None, **filters: object
    ) -> Iterator[dict[str, Any]]:
        """Yield the templates of all pages. Takes the parameters of `list`.

        Raises:
            HmsError: 100ms responded with an error status.
        """
        return self._iterate(self.list, query, filters, max_items=max_items)

    def retrieve(self, template_id: str, query: Query = ()) -> Response:
        """Fetch one template.

        Args:
            template_id: id of the template.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-a-template
        """
        return self._call(RETRIEVE, template_id=template_id, query=query)

    def update(
        self,
        template_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[TemplateUpdateParams]",
    ) -> Response:
        """Replace a template.

        Args:
            template_id: id of the template.
            body: a `TemplateUpdate`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-a-template
        """
        return self._call(UPDATE, template_id=template_id, query=query, body=body, members=members)

    def upsert_role(
        self,
        template_id: str,
        role_name: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[RoleParams]",
    ) -> Response:
        """Create or update a role of a template.

        Args:
            template_id: id of the template.
            role_name: name of the role.
            body: a `Role`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/create-update-role
        """
        return self._call(
            UPSERT_ROLE, template_id=template_id, role_name=role_name, query=query, body=body, members=members
        )

    def retrieve_role(self, template_id: str, role_name: str, query: Query = ()) -> Response:
        """Fetch one role of a template.

        Args:
            template_id: id of the template.
            role_name: name of the role.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-a-role
        """
        return self._call(RETRIEVE_ROLE, template_id=template_id, role_name=role_name, query=query)

    def delete_role(self, template_id: str, role_name: str, query: Query = ()) -> Response:
        """Delete a role of a template.

        Args:
            template_id: id of the template.
            role_name: name of the role.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/delete-a-role
        """
        return self._call(DELETE_ROLE, template_id=template_id, role_name=role_name, query=query)

    def retrieve_settings(self, template_id: str, query: Query = ()) -> Response:
        """Fetch the settings of a template.

        Args:
            template_id: id of the template.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-settings
        """
        return self._call(RETRIEVE_SETTINGS, template_id=template_id, query=query)

    def update_settings(
        self,
        template_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[TemplateSettingsParams]",
    ) -> Response:
        """Update the settings of a template.

        Args:
            template_id: id of the template.
            body: a `TemplateSettings`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-settings
        """
        return self._call(UPDATE_SETTINGS, template_id=template_id, query=query, body=body, members=members)

    def retrieve_destinations(self, template_id: str, query: Query = ()) -> Response:
        """Fetch the destinations of a template.

        Args:
            template_id: id of the template.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/retrieve-destinations
        """
        return self._call(RETRIEVE_DESTINATIONS, template_id=template_id, query=query)

    def update_destinations(
        self,
        template_id: str,
        body: ObjectBody | None = None,
        query: Query = (),
        **members: "Unpack[DestinationsParams]",
    ) -> Response:
        """Update the destinations of a template.

        Args:
            template_id: id of the template.
            body: a `Destinations`, or a mapping of its members.
            members: members of the body as keyword arguments, instead of `body`.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/update-destinations
        """
        return self._call(UPDATE_DESTINATIONS, template_id=template_id, query=query, body=body, members=members)

    def configure_recordings(self, template_id: str, body: ArrayBody, query: Query = ()) -> Response:
        """Set the recording configuration of a template.

        Args:
            template_id: id of the template.
            body: `RecordingConfigs`, or its items.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/configure-recordings
        """
        return self._call(CONFIGURE_RECORDINGS, template_id=template_id, query=query, body=body)

    def retrieve_recordings(self, template_id: str, query: Query = ()) -> Response:
        """Fetch the recording configuration of a template.

        Args:
            template_id: id of the template.
            query: query parameters, sent unchanged.

        https://www.100ms.live/docs/server-side/v2/api-reference/policy/configure-recordings
        """
        return self._call(RETRIEVE_RECORDINGS, template_id=template_id, query=query)

    def retrieve_layouts(self, query: Query = (), *, token: str) -> Response:
        """Fetch the layouts that Prebuilt shows, for the roles of the caller's room.

        100ms does not document it. Prebuilt calls it at each join.

        Args:
            query: query parameters, sent unchanged.
            token: an app token for the room. 100ms does not accept a management token here.
        """
        return self._call(RETRIEVE_LAYOUTS, query=query, token=token)
