"""Tests of topics by people."""
