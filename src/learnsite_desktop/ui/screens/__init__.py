"""One folder a screen; `ui.navigation` lists them."""
