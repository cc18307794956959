"""Letters: rows written in the same transaction as what they tell, sent afterwards."""
