"""Outlet shares corrected for the measured error of the instrument."""
