"""Serve the files of recordings, as an object storage does: with ranges, entity tags and expiring links."""

import hashlib
from typing import IO, cast
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from simulator.files.content import ContentReader
from simulator.files.state import FileRefusedError, Files
from simulator.request_parsing import state

CHUNK_BYTES = 64 * 1024

blueprint = Blueprint("files", __name__)


@blueprint.get("/<kind>/<path:location>")
def download(kind: str, location: str) -> Response:
    """Return a file, or the requested range of it."""
    path = f"{kind}://{location}"
    file = state(Files).open(path, request.args.get("expires", ""), request.args.get("signature", ""))
    content = file.content
    response = Response(FileWrapper(cast(IO[bytes], ContentReader(content)), CHUNK_BYTES), mimetype=content.media_type)
    response.direct_passthrough = True
    response.content_length = content.size
    response.last_modified = file.created_at
    response.set_etag(hashlib.sha256(f"{path} {content.size}".encode()).hexdigest()[:32])
    response.make_conditional(request, accept_ranges=True, complete_length=content.size)
    return response


@blueprint.errorhandler(FileRefusedError)
def refuse(error: FileRefusedError) -> Response:
    """Return the error document of an object storage."""
    xml = f"<Error><Code>{error.code}</Code><Message>{escape(str(error))}</Message></Error>"
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}', error.status, mimetype="application/xml")


@blueprint.errorhandler(RequestedRangeNotSatisfiable)
def refuse_range(error: RequestedRangeNotSatisfiable) -> Response:
    """Return the error document for a range outside the file."""
    response = refuse(FileRefusedError(416, "InvalidRange", "The requested range is not satisfiable"))
    response.headers["Content-Range"] = f"bytes */{error.length}"
    return response
