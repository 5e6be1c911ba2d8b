"""One module per screen; screens talk to the workbench the app holds."""
