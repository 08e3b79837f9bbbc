"""The command line: click only, one file a command. Heavy steps are imported when a command runs."""
