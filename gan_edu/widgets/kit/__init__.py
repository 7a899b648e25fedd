"""What the controls share: hosts, pictures that stay in a saved notebook, pages, scripts."""
