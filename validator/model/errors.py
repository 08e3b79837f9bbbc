"""Errors that people caused and people can mend; the command line alone turns them into text."""

from validator.model.span import Span


class TierlensError(Exception):
    """Base of every error that is shown without a traceback; ends the command with exit status 2.

    ``message`` says what is wrong, ``span`` where (when it is in a file), ``hint`` what to do.
    """

    def __init__(self, message: str, *, span: Span | None = None, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint
        self.code = code


class UsageError(TierlensError):
    """The call itself cannot be carried out: nothing found, a wrong option, a wrong parameter name."""


class LoadError(TierlensError):
    """A file that cannot be read as a template: encoding, syntax, a limit."""


class ExpandError(TierlensError):
    """A template whose transforms cannot be carried out."""


class SettingsError(TierlensError):
    """A configuration, parameter or suppression that is wrong."""


class RulePackError(TierlensError):
    """A rule pack or report writer that cannot be used."""
