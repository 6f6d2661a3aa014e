"""Sign-in of end users with tokens of an OpenID Connect issuer; needs `cryptography`, which one function carries."""
