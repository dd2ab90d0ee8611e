"""The pages: forms, views and what wires a request."""
