"""What staff do, apart from where it is clicked: passwords and rights so far."""
