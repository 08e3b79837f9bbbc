"""The one place that calls aws-sam-translator: offline, silent, without AWS credentials.

The library is imported when the first SAM template is translated (about half a second). It is given a
session that only names a region, and its plug-in for the Serverless Application Repository is replaced by
one that does nothing: it would call AWS.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

_DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason of the translator: the logical IDs it names (maybe none) and its words."""

    logical_ids: tuple[str, ...]
    message: str


class TranslationRefused(Exception):
    """The translator does not accept the document."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(refusal.message for refusal in refusals))
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class _Session:
    """What the translator reads of a boto3 session."""

    region_name: str


@cache
def _library() -> "_Library":
    return _Library()


class _Library:
    """The imported translator with what all translations share."""

    def __init__(self) -> None:
        from samtranslator.model.exceptions import InvalidDocumentException
        from samtranslator.parser.parser import Parser
        from samtranslator.plugins.application.serverless_app_plugin import ServerlessAppPlugin
        from samtranslator.plugins.globals.globals import Globals
        from samtranslator.policy_template_processor.processor import PolicyTemplatesProcessor
        from samtranslator.translator.translator import Translator

        class OfflineApplications(ServerlessAppPlugin):  # type: ignore[misc] # the library is untyped here
            """Leaves applications of the repository as they are."""

            def on_before_transform_template(self, template_dict: Any) -> None:
                """Would look the applications up."""

            def on_before_transform_resource(self, logical_id: Any, kind: Any, properties: Any) -> None:
                """Would request their templates."""

            def on_after_transform_template(self, template: Any) -> None:
                """Would wait for their templates."""

        # The templates that the library ships are valid; checking them takes half of each translation.
        PolicyTemplatesProcessor._is_valid_templates_dict = staticmethod(lambda *_: True)
        logging.getLogger("samtranslator").setLevel(logging.CRITICAL)
        self.invalid_document: type[Exception] = InvalidDocumentException
        self.globals = Globals
        self._parser, self._plugin, self._translator = Parser, OfflineApplications, Translator

    def translate(self, document: dict[str, Any], values: Mapping[str, Any], region: str) -> dict[str, Any]:
        """Runs one translation; the document is changed."""
        translator = self._translator({}, self._parser(), plugins=[self._plugin()], boto_session=_Session(region))
        translated: dict[str, Any] = translator.translate(document, dict(values), passthrough_metadata=True)
        return translated


def supported_globals() -> Mapping[str, Sequence[str]]:
    """SAM resource type → properties that ``Globals`` may hold for it, as the installed library says."""
    supported: Mapping[str, Sequence[str]] = _library().globals.supported_properties
    return supported


def translate(document: dict[str, Any], values: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    """The document as plain CloudFormation. The given document is changed.

    Raises TranslationRefused, also for what makes the translator fail in an unforeseen way.
    """
    library = _library()
    try:
        return library.translate(document, values, region or _DEFAULT_REGION)
    except library.invalid_document as error:
        causes = getattr(error, "causes", ())
        raise TranslationRefused([_refusal(cause) for cause in causes]) from error
    except Exception as error:
        # On unforeseen input the translator fails in many ways; each is a refusal, never a traceback.
        refusal = Refusal((), f"the SAM translator failed ({type(error).__name__}: {error})")
        raise TranslationRefused([refusal]) from error


def _refusal(cause: Any) -> Refusal:
    named = getattr(cause, "_logical_id", None)
    logical_ids = tuple(named) if isinstance(named, list) else (named,) if isinstance(named, str) else ()
    message = str(getattr(cause, "message", cause))
    for logical_id in logical_ids:
        message = message.removeprefix(f"Resource with id [{logical_id}] is invalid. ")
    return Refusal(tuple(str(logical_id) for logical_id in logical_ids), message.strip())
