"""Documents people join: examined, cleaned, kept under a random name, served without danger."""
