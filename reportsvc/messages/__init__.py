"""Messages on their way to people: channels that carry a sign-in code, and a courier that sends off the request."""
