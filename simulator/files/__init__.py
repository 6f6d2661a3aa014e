"""Files: the contents of recording assets, and the links to download them."""
