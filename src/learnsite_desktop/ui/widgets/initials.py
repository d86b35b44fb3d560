"""Pinyin initials of labels in our own lists."""

from learnsite_desktop.domain.initials import initials

__all__ = ["initials"]
