"""Frame lexicons: read, matched, validated."""
