"""Validate rules that involve several members of a template."""

from itertools import pairwise
from typing import Any

from simulator.errors import invalid_body

Json = dict[str, Any]

_RIDS = "fhq"


def check_roles(roles: Json) -> None:
    """Raise BadRequest if simulcast layers do not start with rid `f` at factor 1, and get smaller from there."""
    for name, role in roles.items():
        for track in ("video", "screen"):
            layers = role["publishParams"]["simulcast"][track].get("layers", [])
            if layers and not _are_ordered(layers):
                raise invalid_body(f"Invalid body param: roles.{name}.publishParams.simulcast.{track}.layers")


def check_destinations(destinations: Json, settings: Json) -> None:
    """Raise BadRequest if HLS layers are not in descending order, or a zip upload has no custom bucket."""
    # [templates.recorded-layers] recorded layers need not be among the layers, as in the sample.
    # [templates.captions] transcriptions are not checked.
    own_storage = bool((settings["recording"] or {}).get("upload"))
    for name, destination in destinations.get("hlsDestinations", {}).items():
        if not _descends(destination.get("layers", [])):
            raise invalid_body(f"Invalid body param: destinations.hlsDestinations.{name}.layers")
        if destination.get("recording", {}).get("enableZipUpload") and not own_storage:
            raise invalid_body(f"Invalid body param: destinations.hlsDestinations.{name}.recording.enableZipUpload")


def _are_ordered(layers: list[Json]) -> bool:
    starts = layers[0]["rid"] == "f" and layers[0]["scaleResolutionDownBy"] == 1
    return starts and all(
        _RIDS.index(upper["rid"]) < _RIDS.index(lower["rid"])
        and upper["scaleResolutionDownBy"] < lower["scaleResolutionDownBy"]
        for upper, lower in pairwise(layers)
    )


def _descends(layers: list[Json]) -> bool:
    return all(_size(lower) <= _size(upper) and _bitrate(lower) <= _bitrate(upper) for upper, lower in pairwise(layers))


def _size(layer: Json) -> int:
    return int(layer.get("width", 0) * layer.get("height", 0))


def _bitrate(layer: Json) -> int:
    return int(layer.get("videoBitrate", 0))
