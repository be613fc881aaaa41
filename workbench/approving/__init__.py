"""How steps get permitted: what they could cost, who is asked, and whose answer counts."""
