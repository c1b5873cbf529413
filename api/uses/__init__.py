"""Motion on its way to those who may use it: offer, request, approval, export, booking, own review."""
