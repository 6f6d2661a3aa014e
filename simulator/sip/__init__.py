"""SIP: trunks, calls that join rooms as peers, and DTMF tones."""
