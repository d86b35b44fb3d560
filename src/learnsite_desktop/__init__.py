"""学点记 learnsite: records of community learning sites, kept offline and passed on as files."""

__version__ = "0.1.0"
