"""The bundle file: frames, payloads, seal, writer and readers."""
