"""Analytics: the record of track, recording and client events, and the quality peers had."""
