"""Sessions: born with a room's first peer, over when the last one is gone."""
