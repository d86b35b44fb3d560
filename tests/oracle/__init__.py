"""An independent recount of the figures: standard library only, nothing of the product."""
