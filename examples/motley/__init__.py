"""A library and a manifest over a folder of other people's media: every format there is, in one film."""
