"""Prebuilt: the calls that the vendor's front end makes, and that no page documents."""
