"""Attendance: who was in a session from when to when."""

from hms_service.http.router import Gateway
from hms_service.sessions.attendance.answers import Attendance
from hms_service.sessions.attendance.register import Register

gateway = Gateway("attendance", scope="sessions")
attendance = Attendance(Register(gateway.settings), gateway.client.settings.unknown_fields)

gateway.get("/sessions/<session_id>/attendance", attendance.retrieve)

handler = gateway.resolve
