"""Where an archive is kept and how a load replaces it: a file of its own, or a lake that machines share."""
