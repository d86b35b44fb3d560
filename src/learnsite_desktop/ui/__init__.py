"""The window: screens over the services, with no rule of their own."""
