"""The command line: click commands, wiring, settings, output formats."""
