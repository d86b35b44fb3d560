"""Capture: taking entries (of a file, a stream, a screen) into the log, checked by the rules."""

from learnsite_desktop.services.capture.apply import CaptureResult, capture
from learnsite_desktop.services.capture.document import read_document

__all__ = ["CaptureResult", "capture", "read_document"]
