"""The Textual app: screens, dialogs, widgets."""
