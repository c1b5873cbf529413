"""What pages say, in German and English side by side: a file for each page, and what all pages share."""
