"""Small worlds for tests. Each app's ``make_*`` functions live in the module of its name."""
