"""Outlet shares corrected for the measured error of an instrument."""
