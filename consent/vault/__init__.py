"""Motion of workers who opted in: encrypted, shredded on withdrawal, opened only for a logged use."""
