"""Reports as files that open without a network: HTML in one file, and PDF."""
