"""The REST API by section: one class a section, one method an operation."""
