"""Attendance reports of sessions."""

from hms_service.http.router import Router
from hms_service.sessions.attendance.handler import AttendanceHandler
from hms_service.sessions.attendance.repository import AttendanceRepository

router = Router("attendance", scope="sessions")
attendance = AttendanceHandler(AttendanceRepository(router.settings))

router.get("/sessions/<session_id>/attendance", attendance.retrieve)

handler = router.resolve
