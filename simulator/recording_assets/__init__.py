"""Recording assets: the files that jobs leave behind, and the links to download them."""
