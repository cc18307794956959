"""What any scheme is made of; standard library only."""
