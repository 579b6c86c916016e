"""What the pages ask of the archive: SQL in, plain rows out."""
