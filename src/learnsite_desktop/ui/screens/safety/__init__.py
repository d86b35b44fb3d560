"""Backup 备份: copies of the records, the way back, moving, handing over, the self-check."""
