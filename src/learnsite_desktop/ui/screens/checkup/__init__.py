"""Self-check 自检: what a supporter asks for on the phone, and the diagnostics pack."""
