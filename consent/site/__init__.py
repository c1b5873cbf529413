"""The plant's side of the consent log: what stands at a site, who may change it, and who writes it down."""
