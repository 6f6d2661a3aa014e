"""Steps of a request before its handler. `hms_service.http.router` lists them in order."""
