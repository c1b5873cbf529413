"""The plant server: routes, web pages, roles."""
