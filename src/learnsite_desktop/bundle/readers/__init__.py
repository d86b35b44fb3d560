"""Readers, one module per format version; each stays for as long as such files may turn up."""
