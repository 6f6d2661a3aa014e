"""Ingestion: encoders that stream into rooms over RTMP with a stream key."""
