"""Recording assets: the files of jobs, and the links to download them."""
