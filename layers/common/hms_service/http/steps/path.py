"""Step: refuse paths with a segment that could reach another resource."""

from hms.errors import BadRequestError
from hms.types import Response
from hms_service.http.route import Handler, Request, Route
from hms_service.http.segments import MAX_SEGMENT_BYTES, is_safe_segment

DETAIL = f"path: segments must not be . or .., over {MAX_SEGMENT_BYTES} bytes, or have forbidden characters"


def refuse_unsafe_path(_: Route, proceed: Handler, request: Request) -> Response:
    """Check each segment of the path."""
    check_path(request.event.path)
    return proceed(request)


def check_path(path: str) -> None:
    """Refuse an unsafe path. API Gateway has decoded it once; it is never decoded again.

    Raises:
        BadRequestError: A segment is `.` or `..`, is over 1,024 bytes, or has a backslash, `?`, `#`, a control
            character, bytes that are not UTF-8, or a percent sign before two hexadecimal digits.
    """
    for segment in path.split("/"):
        if segment and not is_safe_segment(segment):
            raise BadRequestError("Invalid path", details=[DETAIL])
