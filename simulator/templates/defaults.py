"""Add the defaults of 100ms to templates, and format their recording configurations as 100ms does."""

from typing import Any

Json = dict[str, Any]

_AUDIO = {"bitRate": 32, "codec": "opus"}
# [templates.screen-bitrate] the samples have no `bitRate` for `screen`, the table has 1024.
_PUBLISH: Json = {
    "audio": _AUDIO,
    "video": {"bitRate": 256, "codec": "vp8", "frameRate": 25, "width": 320, "height": 180},
    "screen": {"codec": "vp8", "frameRate": 10, "width": 1280, "height": 720},
    "simulcast": {"video": {}, "screen": {}},
}
_SUBSCRIBE: Json = {"subscribeToRoles": [], "maxSubsBitRate": 3200}
_DEGRADATION: Json = {"packetLossThreshold": 50, "degradeGracePeriodSeconds": 1, "recoverGracePeriodSeconds": 4}
_PERMISSIONS: Json = {
    "rtmpStreaming": True,
    "hlsStreaming": True,
    "browserRecording": True,
    "sendRoomState": False,
}
_SETTINGS: Json = {
    "region": "in",  # [templates.region] `in` by default, as in most samples
    "recording": None,
    "roomState": {"messageInterval": 5, "sendPeerList": False, "stopRoomStateOnJoin": True, "enabled": False},
    "retry": {},
}

_LAYERS = [
    {"rid": "f", "scaleResolutionDownBy": 1, "maxBitrate": 700, "maxFramerate": 25},
    {"rid": "h", "scaleResolutionDownBy": 2, "maxBitrate": 350, "maxFramerate": 25},
    {"rid": "q", "scaleResolutionDownBy": 4, "maxBitrate": 100, "maxFramerate": 25},
]
_SAMPLE_PUBLISH: Json = {
    "allowed": ["audio", "video", "screen"],
    "audio": _AUDIO,
    "video": {"bitRate": 300, "codec": "vp8", "frameRate": 30, "width": 480, "height": 360},
    "screen": {"codec": "vp8", "frameRate": 10, "width": 1920, "height": 1080},
    "simulcast": {"video": {"layers": _LAYERS}, "screen": {}},
}
_SAMPLE_SUBSCRIBE: Json = {
    "subscribeToRoles": ["host", "guest"],
    "maxSubsBitRate": 3200,
    "subscribeDegradation": {
        "packetLossThreshold": 25,
        "degradeGracePeriodSeconds": 1,
        "recoverGracePeriodSeconds": 4,
    },
}
_POLLS: Json = {"pollRead": True, "pollWrite": True}
_MODERATION: Json = {"endRoom": True, "removeOthers": True, "mute": True, "unmute": True, "changeRole": True}

DEFAULT_ROLES: Json = {
    "host": {
        "publishParams": _SAMPLE_PUBLISH,
        "subscribeParams": _SAMPLE_SUBSCRIBE,
        "permissions": _MODERATION | _POLLS,
    },
    "guest": {
        "publishParams": _SAMPLE_PUBLISH,
        "subscribeParams": _SAMPLE_SUBSCRIBE,
        "permissions": _POLLS,
    },
}


def fill_roles(fields: Json | None) -> Json:
    """Return the roles of a template with defaults. Without roles, return `host` and `guest`."""
    return {name: fill_role(name, role) for name, role in (fields or DEFAULT_ROLES).items()}


def fill_role(name: str, fields: Json) -> Json:
    """Return a role with defaults. Its `name` is the name in the template."""
    # [templates.publish-params] a role without publishParams may publish everything; with them, only the
    # allowed kinds.
    publish = fields.get("publishParams", {"allowed": ["audio", "video", "screen"]})
    return {
        "name": name,
        "publishParams": _merge(_PUBLISH, publish),
        "subscribeParams": _fill_subscribe_params(fields.get("subscribeParams", {})),
        "permissions": _fill_permissions(fields.get("permissions", {})),
        "priority": fields.get("priority", 1),
        "maxPeerCount": fields.get("maxPeerCount", 0),
    }


def fill_settings(fields: Json) -> Json:
    """Return settings with defaults."""
    return _merge(_SETTINGS, fields)


def with_secret_renamed(settings: Json) -> Json:
    """Return settings as their update shows them: the secret of the storage is called `secret`, not `secretKey`."""
    # [templates.secret] as in the sample of the update.
    recording = settings["recording"] or {}
    credentials: Json = recording.get("upload", {}).get("credentials", {})
    if "secretKey" not in credentials:
        return settings
    renamed = {"secret" if name == "secretKey" else name: value for name, value in credentials.items()}
    upload = recording["upload"] | {"credentials": renamed}
    return settings | {"recording": recording | {"upload": upload}}


def fill_recordings(fields: list[Json]) -> list[Json]:
    """Return a recording configuration as its read call shows it, without switches that are off."""
    return [without_false(_with_browser_composite(config)) for config in fields]


def _merge(defaults: Json, fields: Json) -> Json:
    result = defaults | fields
    for name, default in defaults.items():
        if isinstance(default, dict) and name in fields:
            result[name] = _merge(default, fields[name])
    return result


def _fill_subscribe_params(fields: Json) -> Json:
    subscribe = _SUBSCRIBE | fields
    # Its presence enables screen simulcast. It gets defaults, but is never added.
    if "subscribeDegradation" in fields:
        subscribe["subscribeDegradation"] = _DEGRADATION | fields["subscribeDegradation"]
    return subscribe


def _fill_permissions(fields: Json) -> Json:
    permissions = _PERMISSIONS | fields
    return {name: allowed for name, allowed in permissions.items() if allowed or name in _PERMISSIONS}


def _with_browser_composite(config: Json) -> Json:
    composite = config.get("compositeRecording", {})
    if "browserComposite" not in composite:
        return config
    # [templates.browsercomposite] configuring browserComposite enables it, as in the sample of the read call.
    browser = {"enabled": True} | composite["browserComposite"]
    return config | {"compositeRecording": composite | {"browserComposite": browser}}


def without_false(value: Any) -> Any:
    """Return a value without the members that are false, at any depth of its objects."""
    if isinstance(value, dict):
        return {name: without_false(member) for name, member in value.items() if member is not False}
    return value
