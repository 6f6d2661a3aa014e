"""Attendance: who was in a session from when to when."""

from hms.attendance.answers import Attendance
from hms.attendance.register import Register
from hms.gateway import Gateway

gateway = Gateway("attendance", scope="sessions")
attendance = Attendance(Register(gateway.client.settings), gateway.client.settings.unknown_fields)

gateway.get("/sessions/<session_id>/attendance", attendance.retrieve)

handler = gateway.resolve
