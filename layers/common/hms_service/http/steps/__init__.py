"""The steps of a request's way, a file each. `hms_service.http.router` lists them in their order."""
