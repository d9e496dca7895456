"""Tests of the server and the hub."""
