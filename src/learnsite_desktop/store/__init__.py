"""The log, its projection and everything else that is kept in the database."""
