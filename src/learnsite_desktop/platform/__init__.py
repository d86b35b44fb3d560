"""What the computer offers: paths, drives, language, clock, lock, diary. Imports none of ours."""
