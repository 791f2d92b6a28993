"""What staff do, apart from where it is clicked: passwords, rights and panels so far."""
