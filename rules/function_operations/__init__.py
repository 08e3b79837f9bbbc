"""FUNC*: functions survive failures, fit their callers and can be watched."""
