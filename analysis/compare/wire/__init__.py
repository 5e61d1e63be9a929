"""What an outlet did to the wire copy."""
