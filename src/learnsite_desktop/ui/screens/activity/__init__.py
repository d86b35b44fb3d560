"""The editor of activities and classes: what it is, when, who takes part."""
