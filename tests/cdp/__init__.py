"""Tests of the Chrome DevTools Protocol on a worker."""
