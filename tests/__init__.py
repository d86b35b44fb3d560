"""Tests of learnsite; the layout mirrors `src`."""
