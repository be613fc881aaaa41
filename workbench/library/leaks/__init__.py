"""What must not leave the library unseen: secrets, keys, addresses and numbers, in words and in pictures."""
