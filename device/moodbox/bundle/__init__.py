"""What the bundles of all models share: manifest, description, golden sample, and a session that runs the graph."""
