"""The applicant's pages, and the one route for files."""
