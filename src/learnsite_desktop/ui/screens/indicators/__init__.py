"""Figures 指标: units against indicators, periods or dimensions, down to the sign-in row."""
