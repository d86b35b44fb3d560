"""Operation lines, certificates, receipts and documents: bytes, hashes and signatures only."""
