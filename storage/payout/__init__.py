"""Names and bank accounts of those who are paid: encrypted, apart from the tables, keyed by pseudonym."""
