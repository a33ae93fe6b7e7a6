"""Where the log is kept: one small adapter a database, and the tables that they share."""
