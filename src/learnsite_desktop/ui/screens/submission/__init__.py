"""报送: handing a period in, and receiving what comes back."""
