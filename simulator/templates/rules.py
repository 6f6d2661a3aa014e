"""What holds across the members of a template, beyond the shape of each."""

from itertools import pairwise
from typing import Any

from simulator.errors import invalid_body

Json = dict[str, Any]

_RIDS = "fhq"


def check_roles(roles: Json) -> None:
    """Raises BadRequest where simulcast layers are out of order: from rid f at factor 1, ever smaller."""
    for name, role in roles.items():
        for track in ("video", "screen"):
            layers = role["publishParams"]["simulcast"][track].get("layers", [])
            if layers and not _are_ordered(layers):
                raise invalid_body(f"Invalid body param: roles.{name}.publishParams.simulcast.{track}.layers")


def check_destinations(destinations: Json, settings: Json) -> None:
    """Raises BadRequest where HLS layers do not descend, or a zip is to be uploaded without a bucket of one's own."""
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
