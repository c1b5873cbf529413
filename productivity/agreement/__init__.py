"""Agreement of a measuring system with a manual study, over stations and sessions."""
