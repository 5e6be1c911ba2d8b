"""One module per screen; screens talk to the port the app holds."""
