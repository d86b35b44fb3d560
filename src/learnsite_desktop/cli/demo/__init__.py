"""The demo: a synthetic county that uses the product only through its command line."""
